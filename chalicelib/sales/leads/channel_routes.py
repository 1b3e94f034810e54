"""Lead channels over HTTP: setting them up, and where other systems post."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.leads import service
from chalicelib.sales.leads.channel_schemas import (
    ChannelChange,
    ChannelItem,
    ChannelView,
    DeliveredView,
    Delivery,
    Greeting,
    NewChannel,
    NewChannelView,
    SignedChallenge,
)
from chalicelib.sales.leads.models import LeadChannel, Submission
from chalicelib.sales.leads.views import SubmissionView

#: The largest post of another system, in bytes.
MOST = 64 * 1024

setup = Room("lead_channels", prefix="/lead-channels")
public = Room("hooks", prefix="/hooks")


@setup.post("", needs="leads:configure", body=NewChannel, answers=NewChannelView, status=201, secret=True)
def add_channel(call: Call[NewChannel, NoQuery]) -> Answer:
    """Set up a lead channel; the secret that its posts are signed with is shown this once."""
    settings = call.body.model_dump(exclude={"secret"})
    found, secret = service.add_channel(secret=call.body.secret, by=call.who, **settings)
    shown = ChannelView.model_validate(found).model_dump() | {"secret": secret}
    return created(NewChannelView(**shown))


@setup.get("", needs="leads:read", query=ListQuery, answers=ChannelItem, listed=True)
def list_channels(call: Call[None, ListQuery]) -> Page[LeadChannel]:
    """List lead channels by name."""
    return service.channels(**call.page)


@setup.get("/{channel_id}", needs="leads:configure", answers=ChannelView)
def read_channel(_: Call[None, NoQuery], channel_id: str) -> LeadChannel:
    """Read how a lead channel is set up."""
    return service.channel(channel_id)


@setup.patch("/{channel_id}", needs="leads:configure", body=ChannelChange, answers=ChannelView)
def change_channel(call: Call[ChannelChange, NoQuery], channel_id: str) -> LeadChannel:
    """Change a lead channel, pause it, or replace its secret."""
    return service.change_channel(channel_id, version=call.version, by=call.who, **call.body.values())


@setup.get(
    "/{channel_id}/deliveries", needs="leads:configure", query=ListQuery, answers=SubmissionView, listed=True
)
def list_deliveries(call: Call[None, ListQuery], channel_id: str) -> Page[Submission]:
    """List what came in by a channel, the latest first."""
    return service.deliveries(channel_id, **call.page)


@public.get(
    "/{channel_id}", needs=None, query=Greeting, answers=SignedChallenge, media="text/plain; charset=utf-8"
)
def greet(call: Call[None, Greeting], channel_id: str) -> Answer:
    """Prove to a network that registers the channel that it is ours."""
    asked = call.query
    if asked.challenge_code:
        signed = service.answer_challenge(channel_id, asked.challenge_code)
        told = SignedChallenge(challengeCode=asked.challenge_code, challengeResponse=signed)
        return Answer(told, headers={"Content-Type": "application/json"})
    return Answer(service.greet(channel_id, token=asked.verify_token, challenge=asked.challenge))


@public.post("/{channel_id}", needs=None, body=Delivery, answers=DeliveredView, most=MOST)
def take_delivery(call: Call[Delivery, NoQuery], channel_id: str) -> DeliveredView:
    """Post records of people who may buy, signed as the channel says."""
    body = call.body.content()
    receipts = service.take_delivery(channel_id, body, raw=call.raw, headers=call.headers)
    return DeliveredView(receipts=receipts)
