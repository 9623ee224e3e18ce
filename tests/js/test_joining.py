"""A joined script does in a browser what its modules do that are asked for one by one."""

from pathlib import Path

from playwright.async_api import Browser, Route

from server.rendering.joining import Joiner

HERE = "http://localhost:9"
MODULES = {
    "page.js": """
        import "./first.js";
        import { begin as start, Counter, known } from "./second.js";
        // the same name means something else here
        const own = "page";
        log(start(), new Counter().next(), known, typeof own2);
        log(begin());
        function begin() {
          return `page ${[1].map((n) => `${n} + ${own} `).join("")}`;
        }
        log(await known, this);
    """,
    "first.js": """
        import { begin, later } from "./second.js";
        const own = "first";
        log(own, begin(), /[`/*]/.test("`"), "//"); // behind it a comment
        log(await later());
    """,
    "second.js": """
        /** Said to readers,
            over two lines. */
        let count = 0;
        const own = "second", own2 = 2;
        export const known = Promise.resolve("known");
        export async function later() {
          return "later";
        }
        export function begin() {
          return own + (count += 1);
        }
        export class Counter {
          static from = own2;
          #at = Counter.from;
          next() {
            return ++this.#at;
          }
        }
        log("second", hoisted());
        function hoisted() {
          return "hoisted";
        }
    """,
}


async def said(browser: Browser, scripts: dict[str, str]) -> list[object]:
    """Return what the page's script logs."""
    page = await browser.new_page()

    async def answer(route: Route) -> None:
        name = route.request.url.removeprefix(f"{HERE}/")
        if name in scripts:
            await route.fulfill(body=scripts[name], content_type="text/javascript")
        else:
            html = "<script>said = []; log = (...them) => said.push(them.map(String));</script><script type=module src=page.js></script>"
            await route.fulfill(body=html, content_type="text/html")

    await page.route(f"{HERE}/**", answer)
    await page.goto(f"{HERE}/")
    found: list[object] = await page.evaluate("said")
    await page.close()
    return found


async def test_a_joined_script_does_what_its_modules_do(browser: Browser, tmp_path: Path) -> None:
    lines = {name: text.replace("\n        ", "\n") for name, text in MODULES.items()}
    for name, text in lines.items():
        (tmp_path / name).write_text(text)
    one_by_one = await said(browser, lines)
    assert ["page 1 + page "] in one_by_one
    assert len(one_by_one) == 6
    assert await said(browser, {"page.js": Joiner().script(tmp_path / "page.js")}) == one_by_one
