"""MiniStack, with functions that go on after an error in the process that they are in, as Lambda has it.

By itself it ends the process of whatever raised: after each token that the authorizer refused, the next
one would wait two seconds for it to begin anew. Run as ``python -m infra.sandbox.ministack``.
"""

from typing import Any, Final

from ministack import app
from ministack.core import lambda_runtime as runtime

#: What a process tells of a handler that raised, and what it tells here instead: MiniStack ends a process
#: by the word "error" alone.
_TOLD: Final = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
_TOLD_HERE: Final = '{"status": "ok", "raised": True, "error": str(e), "trace": traceback.format_exc()}'


def main() -> None:
    """Serve until it is told to end. RuntimeError when MiniStack is another one than this was written for."""
    if runtime._PYTHON_WORKER_SCRIPT.count(_TOLD) != 1:
        raise RuntimeError("MiniStack tells of errors otherwise than it did")
    runtime._PYTHON_WORKER_SCRIPT = runtime._PYTHON_WORKER_SCRIPT.replace(_TOLD, _TOLD_HERE)
    invoke = runtime.Worker.invoke

    def invoked(worker: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
        answer: dict[str, Any] = invoke(worker, *arguments, **named)
        return answer | {"status": "error"} if answer.get("raised") else answer

    runtime.Worker.invoke = invoked
    app.main()


if __name__ == "__main__":
    main()
