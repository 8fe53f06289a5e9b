"""A mail server that does what it is told, on a port of this machine."""

import asyncio
import ssl
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

FOR_EVER_SECONDS = 600.0
HANG, CUT = "hang", "cut"


@dataclass(frozen=True)
class Arrived:
    """One mail that the server got to its last dot, whatever it answered then."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    options: tuple[str, ...]
    login: str

    @property
    def message(self) -> EmailMessage:
        """Return the mail, parsed."""
        return message_from_bytes(self.content, policy=policy.default)


@dataclass
class Orders:
    """What the server does. Replies are lines such as `550 5.1.1 no such user`, HANG or CUT.

    to: by recipient. greets, sender, data, body: at the beginning, after MAIL, after DATA before
    the mail, and in the middle of it. end: after the last dot.
    """

    to: dict[str, str] = field(default_factory=dict)
    greets: str = ""
    sender: str = ""
    data: str = ""
    body: str = ""
    end: str = ""


class MailServer:
    """The server as a context manager: `with MailServer() as server: ... server.arrived`.

    login: user and password that it wants; tls: with STARTTLS, or from the first byte with
    `wrapped`. Whoever does not want them gets none.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        wrapped: bool = False,
        utf8: bool = True,
        most_bytes: int = 50_000_000,
    ) -> None:
        self.orders = Orders()
        self.arrived: list[Arrived] = []
        self.talked = 0
        self.port = port
        self._login = login
        self._tls, self._wrapped = tls, wrapped
        self._utf8, self._most_bytes = utf8, most_bytes
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _listen(self) -> None:
        wrapping = self._tls if self._wrapped else None
        self._server = await self._loop.create_server(
            self._conversation, "127.0.0.1", self.port, ssl=wrapping
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        self._server.close()
        others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _conversation(self) -> "Conversation":
        self.talked += 1
        return Conversation(
            Handler(self),
            hostname="mail.lab",
            data_size_limit=self._most_bytes,
            enable_SMTPUTF8=self._utf8,
            tls_context=None if self._wrapped else self._tls,
            authenticator=self._knows if self._login else None,
            auth_required=bool(self._login),
            auth_require_tls=self._tls is not None and not self._wrapped,
            loop=self._loop,
        )

    def _knows(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        is_right = (given.login.decode(), given.password.decode()) == self._login
        return AuthResult(success=is_right, handled=False, auth_data=given.login.decode())


class Conversation(SMTP):
    """One client's conversation; hangs, cuts and refuses as it is ordered."""

    async def _handle_client(self) -> None:
        match self.event_handler.orders.greets:
            case "":
                await super()._handle_client()
            case "hang":
                await asyncio.sleep(FOR_EVER_SECONDS)
            case line:
                await self.push(line)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        orders = self.event_handler.orders
        if orders.data:
            self._set_rset_state()  # type: ignore[no-untyped-call]
            await self.push(await obeyed(orders.data, self))
        elif orders.body:
            await self.push("354 go on")
            await obeyed(orders.body, self)
        else:
            await super().smtp_DATA(arg)


class Handler:
    """What aiosmtpd asks at each step."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    @property
    def orders(self) -> Orders:
        """Return what is to be done now."""
        return self._server.orders

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await obeyed(self.orders.sender, server)
        if reply.startswith("250"):
            envelope.mail_from, envelope.mail_options = address, options
        return reply

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        reply = await obeyed(self.orders.to.get(address, ""), server)
        if reply.startswith("25"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        arrived = Arrived(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            content=content,
            options=tuple(envelope.mail_options),
            login=session.auth_data or "",
        )
        self._server.arrived.append(arrived)
        return await obeyed(self.orders.end, server, "250 2.0.0 taken as 4711")


async def obeyed(order: str, server: SMTP, otherwise: str = "250 2.1.0 fine") -> str:
    """Do as ordered and return the reply."""
    if order == HANG:
        await asyncio.sleep(FOR_EVER_SECONDS)
    if order == CUT:
        assert isinstance(server.transport, asyncio.Transport)
        server.transport.abort()
        return otherwise
    return order or otherwise
