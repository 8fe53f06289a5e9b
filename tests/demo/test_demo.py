"""`bridge demo` as a whole: a real process tree, real HTTP, a real browser."""

import os
from collections.abc import Callable
from pathlib import Path

import requests
from playwright.sync_api import Page, expect

from bridge.demo.day import DAY
from bridge.demo.story import Kind, Story
from tests.demo.conftest import Running

SCENES = len(DAY)
# The picture in the README; `make picture` takes it anew.
PICTURE = Path(__file__).parents[2] / "docs" / "board.png"


def folder_of(demo: Running) -> Path:
    (found,) = demo.temporary.glob("bridge-demo-*")
    return found


def test_the_day_fills_board_and_phones_and_leaves_nothing_behind(
    start_demo: Callable[[float], Running],
) -> None:
    demo = start_demo(20)
    browser = requests.Session()
    browser.trust_env = False
    browser.headers["Accept-Language"] = "en"

    def shows(path: str, text: str) -> bool:
        answer = demo.get(path, browser)
        return answer is not None and answer.ok and text in answer.text

    demo.wait_for("the page", lambda: shows("/demo", "Demo guest"))
    demo.wait_for("the board", lambda: shows("/board", "erp01 / http"))
    demo.wait_for("a phone", lambda: shows("/demo/phone/anna", "I have it"))
    demo.wait_for("the end", lambda: shows("/demo/story", "The day is over"))
    board = browser.get(f"{demo.url}/board").text
    story = Story(folder_of(demo)).so_far()
    processes = demo.descendants()
    demo.process.terminate()
    code = demo.process.wait(30)

    assert [line.scene for line in story if line.kind is Kind.SCENE] == list(range(SCENES))
    assert all(line.changes for line in story if line.kind is Kind.SCENE)
    assert "nas-basement / raid" in board
    assert "shop12 / till" in board
    assert browser.cookies
    assert code == 0
    assert list(demo.temporary.iterdir()) == []
    assert not [pid for pid in processes if Path(f"/proc/{pid}/task").exists()]
    assert not list(demo.temporary.parent.glob("var*"))
    assert "failed" not in demo.log.read_text()


def test_a_page_out_rings_on_a_phone_and_one_tap_takes_it(
    start_demo: Callable[[float], Running], page: Page
) -> None:
    demo = start_demo(8)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    demo.wait_for("the web", lambda: demo.get("/healthz", requests.Session()))
    page.goto(f"{demo.url}/demo")
    message = page.locator("#phone-anna .message, #phone-ben .message").filter(has_text="erp01")

    message.get_by_role("button").click(timeout=40_000)

    phone = page.locator(".phone.is-open")
    screen = phone.frame_locator("iframe")
    expect(screen.locator(".answer.mine")).to_be_visible()
    expect(page.locator("#story")).to_contain_text("has ticket 10003", timeout=10_000)
    expect(page.frame_locator("#board").locator("#row-10003 .has-it")).to_be_visible(timeout=10_000)
    phone.locator(".home").click()
    expect(message.locator(".by-now")).to_be_visible()
    assert errors == []
    if os.environ.get("PICTURES"):
        page.set_viewport_size({"width": 1280, "height": 860})
        page.goto(demo.url)
        expect(page.locator("#row-10003")).to_be_visible()
        page.screenshot(path=PICTURE)
