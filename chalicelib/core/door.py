"""The front door: Chalice, opening rooms when they are asked for."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, ChaliceAuthorizer, Response

if TYPE_CHECKING:  # brings Pydantic: the change handler, the schedules and the authorizer need none
    from chalicelib.core.endpoint import Endpoint
    from chalicelib.core.web import Room


class FrontDoor(Chalice):
    """The app: opens rooms, and answers in our shape also where Chalice itself refuses.

    `rooms_at` finds the rooms behind a path. A function that serves requests opens a room when
    it is first asked for: a cold start pays for one domain, not for all of them.
    """

    rooms_at: Callable[[str], Sequence["Room"]]

    def open(self, room: "Room", authorizer: ChaliceAuthorizer | None) -> None:
        """Serve a room's endpoints; for the gateway, those not public sit behind the authorizer."""
        for endpoint in room.endpoints:
            # Chalice is to check no content type: it would answer 415 in a shape of its own.
            options: dict[str, Any] = {"methods": [endpoint.method], "content_types": []}
            if authorizer is not None and not endpoint.public:
                options["authorizer"] = authorizer
            self.route(endpoint.path or "/", name=endpoint.name, **options)(self._served(endpoint))

    def _served(self, endpoint: "Endpoint") -> Callable[..., Response]:
        from chalicelib.core.web import serve  # heavy: brings Pydantic, only where requests are served

        def served(**path_values: str) -> Response:
            request = self.current_request
            if request is None:
                raise RuntimeError("a view is called by a request only")
            return serve(endpoint, request, path_values)

        return served

    def __call__(self, event: Any, context: Any) -> Any:
        path = event.get("requestContext", {}).get("resourcePath")
        if path is not None and path not in self.routes:
            for room in self.rooms_at(path):
                self.open(room, None)
        answer = super().__call__(event, context)
        if answer.get("statusCode") == 405:
            _tell_in_our_shape(answer, event)
        return answer


def _tell_in_our_shape(answer: dict[str, Any], event: Any) -> None:
    from chalicelib.core import i18n, problem  # heavy: the catalogue, only for who is refused
    from chalicelib.core.web import SECURITY_HEADERS  # heavy: likewise

    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    language = i18n.preferred(headers.get("accept-language"))
    request_id = str(event.get("requestContext", {}).get("requestId", ""))
    members = problem.document(405, "method_not_allowed", language, request_id)
    answer["body"] = problem.body(members)
    answer["headers"] |= {"Content-Type": problem.MEDIA_TYPE, **SECURITY_HEADERS}
