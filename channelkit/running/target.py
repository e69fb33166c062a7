"""`module:app`: what a command is asked to work on, imported."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeAlias

from typing_extensions import TypeIs

from ..compiler.problems import did_you_mean
from ..endpoint import Endpoint
from ..errors import DeclarationError
from ..raw_endpoint import RawEndpoint
from ..server import Server
from .failures import UsageFailure
from .raised import raised

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["App", "endpoints", "load"]

App: TypeAlias = Endpoint[Any] | RawEndpoint[Any] | Server


def load(target: str) -> App:
    """Import what ``module:app`` names; the current directory is looked in first.

    Raises:
        UsageFailure: It is not there, its module raised, or it is no endpoint and no server.
        DeclarationError: The module itself compiled channels that cannot work.
    """
    name, attribute = _parsed(target)
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    module = _imported(name)
    try:
        app: object = getattr(module, attribute)
    except AttributeError:
        raise UsageFailure(_absent(module, attribute)) from None
    if _is_app(app):
        return app
    got = f"the class {app.__name__}" if isinstance(app, type) else f"of type {type(app).__name__}"
    raise UsageFailure(f"{target} is {got}; expected an Endpoint or a Server{_others(module)}")


def endpoints(app: App) -> tuple[Endpoint[Any] | RawEndpoint[Any], ...]:
    """The endpoints of what was loaded."""
    return app.endpoints if isinstance(app, Server) else (app,)


def _parsed(target: str) -> tuple[str, str]:
    module, _, attribute = target.partition(":")
    is_file = module.endswith(".py")
    names = [*module.split("."), attribute]
    if not is_file and all(name.isidentifier() for name in names):
        return module, attribute
    path = module.removesuffix(".py").replace("/", ".").replace("\\", ".").strip(".")
    meant = f"{path}:{attribute or 'endpoint'}"
    raise UsageFailure(f"expected module:app, for example {meant}, got {target!r}")


def _imported(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if not f"{name}.".startswith(f"{missing}."):  # something that the module itself imports
            raise UsageFailure(_broken(name, error)) from None
        hint = did_you_mean(missing, _siblings(missing))
        raise UsageFailure(f"no module named {missing!r}, seen from {Path.cwd()}{hint}") from None
    except DeclarationError:
        raise
    except (Exception, SystemExit) as error:
        raise UsageFailure(_broken(name, error)) from None


def _siblings(missing: str) -> list[str]:
    """The modules that stand where a missing one was looked for."""
    package, _, _ = missing.rpartition(".")
    if not package:
        return [found.name for found in iter_modules([str(Path.cwd())])]
    paths = getattr(sys.modules.get(package), "__path__", ())
    return [f"{package}.{found.name}" for found in iter_modules(paths)]


def _broken(name: str, error: BaseException) -> str:
    return f"importing {name} failed\n{raised(error)}"


def _absent(module: ModuleType, attribute: str) -> str:
    hint = did_you_mean(attribute, _apps(module)) or did_you_mean(attribute, vars(module))
    return f"{module.__name__} has no attribute {attribute!r}{hint or _others(module)}"


def _others(module: ModuleType) -> str:
    found = ", ".join(f"{module.__name__}:{name}" for name in _apps(module))
    return f"; there is {found}" if found else ""


def _apps(module: ModuleType) -> list[str]:
    return [name for name, value in vars(module).items() if _is_app(value)]


def _is_app(value: object) -> TypeIs[App]:
    return isinstance(value, (Endpoint, RawEndpoint, Server))
