/** What is used here of Emscripten's file system, which is in memory. */
export interface EmscriptenFiles {
  root: FileNode;
  /** Open files by their numbers. */
  streams: (FileStream | null | undefined)[];
  /** Nodes by the hash of their names. */
  nameTable: (FileNode | undefined)[];
  currentPath: string;
  nextInode: number;
  makedev(major: number, minor: number): number;
  registerDevice(device: number, operations: object): void;
  mkdev(path: string, device: number): void;
  open(path: string, flags: string): FileStream;
  writeFile(path: string, text: string): void;
}

interface FileNode extends Record<string, unknown> {
  /** Of a folder its nodes by name, of a file its bytes. */
  contents?: unknown;
  mounted?: { readonly root: FileNode } | null;
}

interface FileStream extends Record<string, unknown> {
  readonly fd: number;
  readonly shared: Record<string, unknown>;
}

/** The files as they are at a moment, to be put back. */
export class FileSystem {
  private readonly whole: Record<string, unknown>;
  private readonly objects: readonly (() => void)[];

  constructor(private readonly files: EmscriptenFiles) {
    const { nameTable, streams, currentPath, nextInode } = files;
    this.whole = { currentPath, nextInode };
    this.objects = [
      keep(nameTable),
      keep(streams),
      ...streams.flatMap((stream) => (stream ? [keep(stream), keep(stream.shared)] : [])),
      ...[...nodesBelow(files.root)].flatMap((node) => [keep(node), ...keepContents(node)]),
    ];
  }

  restore(): void {
    Object.assign(this.files, this.whole);
    for (const restore of this.objects) restore();
  }
}

function* nodesBelow(node: FileNode): Generator<FileNode> {
  yield node;
  if (node.mounted) yield* nodesBelow(node.mounted.root);
  else if (isFolder(node.contents))
    for (const below of Object.values(node.contents)) yield* nodesBelow(below);
}

const isFolder = (contents: unknown): contents is Record<string, FileNode> =>
  typeof contents === "object" && contents !== null && !ArrayBuffer.isView(contents);

function keepContents({ contents }: FileNode): (() => void)[] {
  if (contents instanceof Uint8Array) {
    const bytes = Buffer.from(contents);
    // Python's library stands in one file: to compare is quicker than to write.
    return [() => void (bytes.equals(contents) || contents.set(bytes))];
  }
  return isFolder(contents) ? [keep(contents)] : [];
}

/** Remembers an object's own properties or an array's elements, and gives what sets them as they were. */
function keep(object: object): () => void {
  if (Array.isArray(object)) return keepElements(object);
  const properties = Object.entries(object);
  const names = new Set(properties.map(([name]) => name));
  return () => {
    for (const name of Object.keys(object))
      if (!names.has(name)) Reflect.deleteProperty(object, name);
    for (const [name, value] of properties) (object as Record<string, unknown>)[name] = value;
  };
}

/** The tables have thousands of elements. To look at each by its number is quick, by its name it is not. */
function keepElements(array: unknown[]): () => void {
  const elements = array.slice();
  return () => {
    array.length = elements.length;
    for (let at = 0; at < elements.length; at++)
      if (array[at] !== elements[at]) array[at] = elements[at];
  };
}
