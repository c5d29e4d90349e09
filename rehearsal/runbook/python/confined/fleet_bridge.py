"""The way out of Python: a device. What is written to it is a question in JSON; what is read then is the answer."""

import json
import os

DEVICE = os.open("/dev/fleet", os.O_RDWR)
CHUNK = 65536


def ask(question):
    tell(question)
    return read()


def tell(message):
    os.write(DEVICE, json.dumps(message).encode())


def read():
    chunks = []
    while not chunks or len(chunks[-1]) == CHUNK:
        chunks.append(os.read(DEVICE, CHUNK))
    return b"".join(chunks).decode()
