"""The AWS SDK for Python as far as runbook scripts need it, in front of the local cloud.

Runs in the interpreter of the rehearsal. Every call goes through `fleet_bridge` to the main process, which makes it as the
automation's role; the script waits. Where the answer needs virtual time the script is left, and run again from its
start when the answer is there. What the SDK has and this file has not ends the script as "not rehearsed".
"""

import base64
import datetime
import json
import random
import re
import sys
import types

import fleet_bridge


class NotRehearsed(BaseException):
    """Not an Exception, so that no script can swallow it."""

    def __init__(self, subject, reason):
        super().__init__(f"{subject}: {reason}")
        self.subject = subject
        self.reason = reason


class TimedOut(BaseException):
    """The step's time is over."""


class BotoCoreError(Exception):
    """Base of what the SDK raises by itself."""


class ParamValidationError(BotoCoreError):
    pass


class ClientError(Exception):
    def __init__(self, error_response, operation_name):
        error = error_response.get("Error", {})
        super().__init__(
            f"An error occurred ({error.get('Code', 'Unknown')}) when calling the {operation_name} operation: "
            f"{error.get('Message', 'Unknown')}"
        )
        self.response = error_response
        self.operation_name = operation_name


class Config:
    def __init__(self, region_name=None, retries=None, **others):
        self.region_name = region_name
        self.retries = retries or {}

    def merge(self, other):
        return Config(other.region_name or self.region_name, {**self.retries, **other.retries})


class Exceptions:
    """`client.exceptions.SomeError`: a class for each error code, made when it is asked for."""

    ClientError = ClientError

    def __init__(self):
        self.classes = {}

    def __getattr__(self, code):
        if code.startswith("__"):
            raise AttributeError(code)
        return self.of(code)

    def of(self, code):
        if code not in self.classes:
            self.classes[code] = type(re.sub(r"\W", "_", code), (ClientError,), {})
        return self.classes[code]

    def from_code(self, code):
        return self.of(code)


class Paginator:
    """Follows NextToken, which is how the services that are modelled give pages."""

    def __init__(self, call):
        self.call = call

    def paginate(self, PaginationConfig=None, **parameters):
        while True:
            page = self.call(**parameters)
            yield page
            if not page.get("NextToken"):
                return
            parameters["NextToken"] = page["NextToken"]


class Client:
    def __init__(self, service, region, config):
        self.meta = types.SimpleNamespace(
            region_name=region, config=config, service_model=types.SimpleNamespace(service_name=service)
        )
        self.exceptions = Exceptions()

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*positional, **parameters):
            if positional:
                raise TypeError(f"{name}() only accepts keyword arguments.")
            return self._call(name, parameters)

        return call

    def get_paginator(self, operation_name):
        return Paginator(getattr(self, operation_name))

    def get_waiter(self, waiter_name):
        raise NotRehearsed(f"boto3 waiter {waiter_name}", "waiters are not modelled")

    def can_paginate(self, operation_name):
        raise NotRehearsed("boto3 can_paginate", "it is not modelled")

    def close(self):
        pass

    def _call(self, name, parameters):
        retries = retries_of(self.meta.config)
        for attempt in range(retries + 1):
            answer = ask(self.meta.service_model.service_name, name, self.meta.region_name, parameters)
            if "output" in answer:
                return answer["output"]
            if not answer["throttled"] or attempt == retries:
                raise self._error(answer, attempt)
            # As botocore: up to 2^attempt seconds, and no more than 20.
            sleep(random.random() * min(2**attempt, 20))

    def _error(self, answer, attempts):
        response = {
            "Error": {"Code": answer["code"], "Message": answer["message"]},
            "ResponseMetadata": {"HTTPStatusCode": 400, "RetryAttempts": attempts},
        }
        return self.exceptions.of(answer["code"])(response, answer["operation"])


def retries_of(config):
    """How often botocore tries again: 4 times by default; `max_attempts` counts the tries after the first."""
    retries = config.retries if config else {}
    if "total_max_attempts" in retries:
        return max(0, retries["total_max_attempts"] - 1)
    default = 4 if retries.get("mode", "legacy") == "legacy" else 2
    return retries.get("max_attempts", default)


def ask(service, operation, region, parameters):
    try:
        text = json.dumps(parameters, default=to_json)
    except TypeError as error:
        raise ParamValidationError(f"Parameter validation failed: {error}") from None
    question = {"kind": "call", "service": service, "operation": operation, "region": region, "input": text}
    return answer_of(fleet_bridge.ask(question))


def answer_of(text):
    answer = json.loads(text, object_hook=from_json)
    if "notRehearsed" in answer:
        raise NotRehearsed(answer["notRehearsed"], answer["reason"])
    if "timedOut" in answer:
        raise TimedOut()
    return answer


def to_json(value):
    if isinstance(value, datetime.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
        return {"$date": aware.astimezone(datetime.timezone.utc).isoformat()}
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} is no type of a parameter")


def from_json(value):
    if "$date" in value:
        return datetime.datetime.fromisoformat(value["$date"])
    if "$bytes" in value:
        return base64.b64decode(value["$bytes"])
    return value


class Session:
    def __init__(self, region_name=None, **others):
        if others:
            raise NotRehearsed("boto3.Session", f"credentials of one's own ({', '.join(others)}) are not modelled")
        self.region_name = region_name or default_region

    def client(self, service_name, region_name=None, config=None, **others):
        if others:
            raise NotRehearsed("boto3.client", f"{', '.join(others)} is not modelled")
        region = region_name or (config and config.region_name) or self.region_name
        return Client(service_name, region, config)

    def resource(self, service_name, **others):
        raise NotRehearsed(f"boto3.resource {service_name}", "resources are not modelled, use a client")


default_region = ""
"""That of the automation; set before each script."""


def client(service_name, region_name=None, config=None, **others):
    return Session().client(service_name, region_name, config, **others)


def resource(service_name, **others):
    return Session().resource(service_name, **others)


def sleep(seconds):
    """Virtual time passes."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    answer_of(fleet_bridge.ask({"kind": "sleep", "seconds": seconds}))


def make_module(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    return module


make_module("boto3.session", Session=Session)
make_module("boto3", client=client, resource=resource, Session=Session, session=sys.modules["boto3.session"])
make_module("botocore.config", Config=Config)
make_module(
    "botocore.exceptions",
    ClientError=ClientError,
    BotoCoreError=BotoCoreError,
    ParamValidationError=ParamValidationError,
)
make_module("botocore", config=sys.modules["botocore.config"], exceptions=sys.modules["botocore.exceptions"])
