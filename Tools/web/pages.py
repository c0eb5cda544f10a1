#!/usr/bin/env python3
"""Drives the web page in a browser: every page and action, light and dark, wide and narrow, with and without script.

    pages.py TOCSIN [--shots FOLDER]

Starts the program with a feed server and a receiver of its own on loopback. Looks for serious faults of accessibility with
axe-core, for requests to other servers, for scripts of hostile titles, and for what actions do. Ends with 1 at the first fault.
The browser is the system's Chromium (CHROMIUM names another).
"""

import argparse
import http.server
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from xml.sax.saxutils import escape

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

TOKEN = "a-token-for-the-browser-only"
ITEMS = [
    ("ug", "شىنجاڭدىكى لاگېرلار توغرىسىدا يېڭى دوكلات ئېلان قىلىندى",
     "ژايىنار سېرىققىزىنىڭ ئائىلىسى ئۇنىڭ لاگېر ئىچىدە ئىكەنلىكىنى ئېيتتى. Zhainar Serikqyzy دېگەن ئىسىم تىزىملىكتە بار."),
    ("zh", "新疆再教育营：更多家属公开发声", "多名家属说，他们的亲人被关进再教育营，至今下落不明。"),
    ("kk", "Қамаудағы қандастар: жаңа куәліктер", "Жайнар Серікқызы лагерьден шыққан соң алғаш рет сұхбат берді."),
    ("ru", "«Лагеря перевоспитания»: что говорят документы", "Жайнар Сериккызы рассказала о лагере перевоспитания."),
    ("en", "Families ask for news of detained relatives", "A reeducation camp near Ghulja holds hundreds, they say."),
    ("en", "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> camp <b>bold</b>",
     "A reeducation camp <script>alert(1)</script> with markup."),
    ("en", "Report on a reeducation camp \u202Etxt.exe\u202C with overrides \u2066and isolates", "A reeducation camp."),
    ("en", "\u200b\u2060\ufe0f\u202e", "A reeducation camp in an item whose title nobody can see."),
    ("en", "All of it in the title. " * 400 + "A reeducation camp.", "Nothing else."),
]
HOSTILE_LINK = "javascript:document.title='owned'"


class News(http.server.BaseHTTPRequestHandler):
    """Feeds at /LANGUAGE, a missing one, and a receiver that refuses."""

    extra = []

    def do_GET(self):
        if self.path == "/missing":
            self.send_error(404)
            return
        language = self.path.strip("/")
        entries = [i for i in ITEMS + self.extra if i[0] == language]
        now = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News {language}</title><language>{language}</language>'
        for number, (_, title, text) in enumerate(entries):
            link = HOSTILE_LINK if "script" in title else f"https://news.example/{language}/{number}"
            body += (f"<item><guid>{language}-{number}</guid><link>{escape(link)}</link><title>{escape(escape(title))}</title>"
                     f"<description>{escape(escape(text))}</description><pubDate>{now}</pubDate></item>")
        data = (body + "</channel></rss>").encode()
        self.send_response(200)
        self.send_header("content-type", "application/rss+xml; charset=utf-8")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(400)
        self.send_header("content-length", "12")
        self.end_headers()
        self.wfile.write(b"no such room")

    def log_message(self, *arguments):
        pass


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def configuration(port, news):
    feeds = "\n".join(
        f"  - {{url: 'http://127.0.0.1:{news}/{code}', name: '{name}', every: 2s, language: {code}}}"
        for code, name in [("ug", "ئۇيغۇرچە خەۋەر"), ("zh", "自由新闻"), ("kk", "Азаттық"), ("ru", "Служба новостей"),
                           ("en", "World desk")])
    return f"""
state: tocsin.db
web: {{listen: '127.0.0.1:{port}', token: '{TOKEN}'}}
fetch: {{allow_private_addresses: true}}
backlog: all
feeds:
{feeds}
  - {{url: 'http://127.0.0.1:{news}/missing', name: Gone desk, every: 1h}}
watch:
  - name: family
    people: [{{name: Zhainar Serikqyzy}}]
    severity: critical
  - name: camps
    any: [reeducation camp, re-education camp, 再教育营, лагерь перевоспитания, لاگېر]
    severity: high
  - name: relatives
    any: [detained relatives, 家属, қандас]
alerts:
  - file: {{path: alerts.jsonl}}
  - webhook: {{name: refusing desk, url: 'http://127.0.0.1:{news}/hook', secret: whsec_yOMWYdnFG40tlkoJnRcnccrxVv7AY4aW}}
"""


class Trial:
    def __init__(self, program, shots):
        self.program = program
        self.shots = pathlib.Path(shots) if shots else None
        self.faults = []
        self.requests = set()
        self.feed = ""
        self.config = self.log = self.process = None

    def check(self, holds, what):
        if not holds:
            self.faults.append(what)
            print(f"FAULT {what}", flush=True)

    def shot(self, page, name):
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(self.shots / f"{name}.png"), full_page=True)

    def audit(self, page, name):
        found = Axe().run(page).response["violations"]
        for one in found:
            if one["impact"] in ("serious", "critical"):
                places = "; ".join(" ".join(map(str, node["target"])) for node in one["nodes"][:3])
                why = one["nodes"][0].get("failureSummary", "").replace("\n", " ")
                self.check(False, f"{name}: {one['id']} ({one['impact']}): {places}: {why}")

    def watch(self, context, port):
        context.on("request", lambda request: self.requests.add(re.sub(r"^(\w+://[^/]+).*", r"\1", request.url)))
        context.on("page", lambda page: page.on("dialog", lambda dialog: self.check(False, f"a dialog: {dialog.message}")))

    def login(self, page, base):
        page.goto(f"{base}/")
        self.check(page.url.endswith("/login"), "the first page is the login")
        page.get_by_label("Token").fill("not the token at all")
        page.get_by_role("button", name="Log in").click()
        self.check(page.get_by_role("alert").inner_text() == "This is not the token.", "a wrong token is told")
        self.audit(page, "login")
        self.shot(page, "login")
        page.get_by_label("Token").fill(TOKEN)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{base}/")

    def every_page(self, browser, base, cookies):
        paths = {"alerts": "/", "feeds": "/feeds", "watches": "/watches", "watch": "/watches/family", "try": "/try",
                 "about": "/about", "filtered": "/?watch=camps&language=ug"}
        for scheme in ("light", "dark"):
            for width, size in (("wide", {"width": 1280, "height": 900}), ("phone", {"width": 390, "height": 844})):
                context = browser.new_context(color_scheme=scheme, viewport=size)
                self.watch(context, base)
                context.add_cookies(cookies)
                page = context.new_page()
                for name, path in paths.items():
                    page.goto(base + path)
                    self.look(page, f"{name}-{scheme}-{width}")
                for language in ("ug", "zh"):
                    page.goto(base + f"/?language={language}")
                    page.locator("article h2 a").first.click()
                    self.look(page, f"alert-{language}-{scheme}-{width}")
                page.goto(base + "/try")
                page.get_by_label("Text", exact=True).fill("Жайнар Серікқызы туралы хабар. A reeducation camp.")
                page.get_by_role("button", name="Try", exact=True).click()
                page.locator("#results h2").wait_for(timeout=10_000)
                self.check("2 watches match." in page.content(), "a text that is tried matches")
                for details in page.locator("details").all():
                    details.evaluate("it => it.open = true")
                self.look(page, f"tried-{scheme}-{width}")
                page.get_by_label("Address of a feed or a page").fill(self.feed)
                page.get_by_role("button", name="Read and try").click()
                self.check("A feed with" in page.locator("#results h2").inner_text(), "an address is read")
                self.check(page.locator("#results mark").count() > 0, "and what it matches is marked")
                self.look(page, f"tried-address-{scheme}-{width}")
                context.close()

    def look(self, page, name):
        self.audit(page, name)
        self.shot(page, name)
        self.check(page.title() != "owned", f"{name}: a title ran as a script")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.check(wide <= 0, f"{name}: it is {wide} px wider than the window")

    def hostile(self, page, base):
        page.goto(f"{base}/?language=en")
        text = page.locator(".alerts").inner_text()
        self.check("<script>document.title='owned'</script>" in text, "a title of markup is shown as it stands")
        self.check("\u202e" not in page.content() and "\u2066" not in page.content(), "no overrides are left")
        links = page.evaluate("[...document.links].map(link => link.protocol)")
        self.check(set(links) == {"http:"}, f"links lead to {set(links)}")
        page.locator("article h2 a", has_text="document.title").click()
        self.check(page.get_by_role("link", name="Open the article").count() == 0, "a javascript: link is no link")
        page.goto(f"{base}/?language=zh")
        page.locator("article h2 a").first.click()
        link = page.get_by_role("link", name="Open the article")
        self.check(link.get_attribute("rel") == "noopener noreferrer", "links leave no trace")
        self.check(page.locator("h1").get_attribute("dir") == "auto", "titles have their own direction")
        page.goto(f"{base}/?language=ug")
        for place in ("article h2", "article .context"):
            direction = page.locator(place).first.evaluate("it => getComputedStyle(it).direction")
            self.check(direction == "rtl", f"Uyghur is set from the right: {place}")

    def odd_titles(self, page, base):
        page.goto(f"{base}/?language=en")
        for link in page.locator("article h2 a").all():
            box = link.bounding_box()
            self.check(box and box["width"] > 20 and box["height"] > 10, f"a title can be hit: {box}")
            self.check(len(link.inner_text()) <= 301, "a title is cut in lists")
        self.check(page.locator("article", has_text="All of it in the title").locator(".context mark").count() > 0,
                   "what was found behind the cut is shown")
        neighbour = page.locator("article h2").first
        before = neighbour.screenshot()
        page.locator("article h2 a").nth(1).evaluate("it => { it.textContent = 'Z' + '\\u0301\\u0302'.repeat(80); }")
        self.check(neighbour.screenshot() == before, "a letter with many marks paints over no other alert")

    def narrow(self, browser, base, cookies):
        for width in (320, 360):
            context = browser.new_context(viewport={"width": width, "height": 700})
            context.add_cookies(cookies)
            page = context.new_page()
            page.goto(f"{base}/")
            self.look(page, f"alerts-{width}")
            broken = page.evaluate("""[...document.querySelectorAll(".bar a, .bar button")].filter(it => {
                const range = document.createRange();
                range.selectNodeContents(it);
                return new Set([...range.getClientRects()].filter(box => box.width > 2).map(box => Math.round(box.bottom / 12))).size > 1;
            }).map(it => it.textContent)""")
            self.check(not broken, f"{width} px: these are broken inside: {broken}")
            context.close()

    def titled(self, page, start, patience=60):
        """Waits for a title: an expression that is given to the browser as text, its policy forbids."""
        deadline = time.time() + patience
        while time.time() < deadline:
            if page.title().startswith(start):
                return
            page.wait_for_timeout(200)
        raise TimeoutError(f"the title is '{page.title()}' and not '{start}…'")

    def tabs(self, browser, base, cookies, shares):
        """More tabs than a browser has connections for a host; without what pages share news by, only one is seen at a time."""
        context = browser.new_context()
        context.add_cookies(cookies)
        if not shares:
            context.add_init_script("delete Navigator.prototype.locks; Object.defineProperty(document, 'hidden', {get: () => !!window.away})")
        turn = "away => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }"
        pages = []
        try:
            for path in ["/"] * 7 + ["/?watch=family", "/?watch=camps", "/"]:
                if pages and not shares:
                    pages[-1].evaluate(turn, True)
                page = context.new_page()
                page.set_default_timeout(15_000)
                page.goto(base + path)
                pages.append(page)
            news = f"A reeducation camp number {len(News.extra)}"
            News.extra.append(("en", news, f"{news}, seen from above and told of at length."))
            self.titled(pages[-1], "(1) ")
            for number, page in enumerate(pages):
                if not shares:
                    self.check(page is pages[-1] or not page.title().startswith("("), "who is not seen asks nothing")
                    page.evaluate(turn, False)
                self.titled(page, "(1) ")
                words = page.locator("#news").inner_text()
                wanted = "1 new alert beside what is chosen here — show all" if number == 7 else "1 new alert — show"
                self.check(words == wanted, f"tab {number}: '{words}'")
                if not shares and page is not pages[-1]:
                    page.evaluate(turn, True)
            pages[7].locator("#news a").click()
            pages[7].locator("article", has_text=news).first.wait_for()
            pages[8].locator("#news a").click()
            pages[8].locator("article", has_text=news).first.wait_for()
            # The one that had the stream is closed: another takes it over.
            for page in pages[:-3]:
                page.close()
            if shares:
                News.extra.append(("en", news + " again", f"{news} again: this is something else, told of by others in other words."))
                self.titled(pages[-1], "(2) ")
        except Exception as error:
            self.check(False, f"{len(pages)} tabs, {'shared' if shares else 'not shared'}: {error}")
        context.close()

    def actions(self, page, base):
        # A desk that refuses is tried with one alert at a time.
        page.goto(f"{base}/")
        for place in [link.get_attribute("href") for link in page.locator("article h2 a").all()]:
            page.goto(base + place)
            if page.get_by_role("button", name="Send again", exact=True).count():
                break
        address = page.url
        self.click(page, "Send again", "It goes out again.")
        self.click(page, "Seen", "Marked as seen.")
        self.audit(page, "after an action")
        self.click(page, "Not seen after all", "Marked as not seen.")
        button = page.get_by_role("button", name=re.compile("^Not meant")).first
        button.click()
        self.notice(page, "Marked as not meant.")
        self.shot(page, "not-meant")
        page.goto(f"{base}/watches")
        self.look(page, "watches-not-meant")
        self.click(page, "Meant after all", "Meant after all")
        page.goto(f"{base}/watches/family")
        page.get_by_label("Silence for").select_option("a day")
        self.click(page, "Silence", "The watch is silent.")
        self.shot(page, "silenced")
        self.click(page, "End the silence", "The silence is over.")
        page.goto(f"{base}/feeds")
        # Where this has taken minutes, its last poll is so long ago that it is asked anew first.
        for _ in range(40):
            page.get_by_role("button", name="Poll Gone desk now").click()
            if "It was asked a moment ago." in page.locator("p.notice").first.inner_text():
                break
            page.wait_for_timeout(500)
        self.notice(page, "It was asked a moment ago.")
        self.shot(page, "poll-held")
        time.sleep(2.5)
        # It is polled every two seconds anyhow, and not before they are over.
        for _ in range(80):
            page.get_by_role("button", name="Poll World desk now").click()
            words = page.get_by_role("status").first.inner_text()
            if "The feed is polled now" in words:
                break
            page.wait_for_timeout(230)
        self.check("The feed is polled now" in words, f"a feed is polled: {words}")
        page.goto(address)
        self.check("no such room" in page.content(), "a receiver's words are shown")

    def click(self, page, name, words):
        page.get_by_role("button", name=name, exact=True).first.click()
        self.notice(page, words)

    def notice(self, page, words):
        found = page.locator("p.notice").first.inner_text() if page.locator("p.notice").count() else "nothing"
        self.check(words in found, f"'{words}' is told; it was '{found}'")

    def news(self, page, base):
        page.goto(f"{base}/")
        News.extra.append(("en", "Another reeducation camp is found", "A reeducation camp, seen from above."))
        try:
            page.locator("#news a").wait_for(timeout=60_000)
            self.check(page.title().startswith("(1)"), f"the title counts: {page.title()}")
            self.shot(page, "news")
            page.locator("#news a").click()
            page.locator("article", has_text="Another reeducation camp").first.wait_for(timeout=10_000)
        except Exception as error:
            self.check(False, f"new alerts are told of: {error}")

    def keyboard(self, page, base):
        page.goto(f"{base}/")
        page.keyboard.press("Tab")
        self.check(page.evaluate("document.activeElement.className") == "skip", "the first stop leads to the content")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        self.check(page.evaluate("document.querySelector('main').contains(document.activeElement)"), "and there it goes on")
        page.get_by_label("Severity").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(500)
        self.check(page.url.split("#")[0] == f"{base}/", f"an arrow key chooses, and loads nothing: {page.url}")
        self.check(page.evaluate("document.activeElement.name") == "severity", "and the focus stays")
        page.get_by_role("button", name="Show").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("severity=high"))

    def ended_session(self, context, page, base):
        page.goto(f"{base}/try")
        page.get_by_label("Text", exact=True).fill("A long text that was pasted")
        other = context.new_page()
        other.goto(f"{base}/")
        other.get_by_role("button", name="Log out").click()
        # A page that is closed while it loads may never say that it is closed.
        other.wait_for_url(f"{base}/login*")
        other.close()
        page.get_by_role("button", name="Try", exact=True).click()
        page.get_by_role("alert").filter(has_text="You have been logged out").wait_for(timeout=10_000)
        self.check(page.get_by_label("Text", exact=True).input_value() == "A long text that was pasted", "the text stays")

    def restarts(self, browser, base):
        """A page that stays open says that it hears nothing, and why, and hears again when it can."""
        context = browser.new_context()
        page = context.new_page()
        self.login(page, base)
        page.goto(f"{base}/?watch=camps")
        news = page.locator("#news")
        try:
            self.stop()
            news.filter(has_text="Tocsin does not answer").wait_for(timeout=90_000)
            self.start()
            self.wait(base)
            news.filter(has_text="You have been logged out").wait_for(timeout=90_000)
            self.look(page, "logged-out")
            other = context.new_page()
            self.login(other, base)
            other.close()
            news.filter(has_not_text="logged out").wait_for(timeout=90_000, state="attached")
            self.check(news.inner_text() == "", f"it hears again: {news.inner_text()}")
            # A form of before is not taken, says so, and leads back.
            page.goto(f"{base}/feeds?q=desk")
            self.stop()
            self.start()
            self.wait(base)
            page.get_by_role("button", name="Poll Gone desk now").click()
            page.get_by_role("alert").filter(has_text="nothing was changed").wait_for(timeout=10_000)
            page.get_by_label("Token").fill(TOKEN)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{base}/feeds?q=desk")
        except Exception as error:
            self.check(False, f"after a restart: {error}")
        context.close()

    def refused(self, page, base):
        """A configuration with a fault is told of on every page, and no more when it is mended."""
        whole = self.config.read_text(encoding="utf-8")
        for text, count in ((whole + "feedz: []\n", 1), (whole, 0)):
            self.config.write_text(text, encoding="utf-8")
            deadline = time.time() + 60
            while time.time() < deadline:
                page.goto(f"{base}/about")
                if page.locator("#refusal").count() == count:
                    break
                page.wait_for_timeout(500)
            self.check(page.locator("#refusal").count() == count, f"a fault of the configuration is told of: {count}")
            if count:
                self.check("unknown key 'feedz'" in page.locator("#refusal").inner_text(), "with its words")
                self.look(page, "refused")

    def renewed(self, page, base):
        """Times that are told as so long ago stay true."""
        page.clock.install()
        page.goto(f"{base}/")
        before = page.locator("article time").first.inner_text()
        page.clock.run_for(3 * 3600 * 1000)
        after = page.locator("article time").first.inner_text()
        self.check(after in ("3 hours ago", "4 hours ago"), f"'{before}' has become '{after}' after three hours")

    def without_script(self, browser, base, cookies):
        context = browser.new_context(java_script_enabled=False)
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(f"{base}/")
        page.get_by_label("Language").select_option("zh")
        page.get_by_role("button", name="Show").click()
        self.check("language=zh" in page.url and page.locator("article").count() == 1, "filters work without script")
        context.close()

    def run(self):
        news = http.server.ThreadingHTTPServer(("127.0.0.1", 0), News)
        threading.Thread(target=news.serve_forever, daemon=True).start()
        self.feed = f"http://127.0.0.1:{news.server_port}/en"
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        with tempfile.TemporaryDirectory(prefix="tocsin-web-") as folder:
            (pathlib.Path(folder) / "feeds.yaml").write_text(configuration(port, news.server_port), encoding="utf-8")
            self.config = pathlib.Path(folder) / "feeds.yaml"
            self.log = log = open(pathlib.Path(folder) / "log", "w+", encoding="utf-8")
            self.start()
            try:
                self.wait(base)
                with sync_playwright() as playwright:
                    self.browse(playwright, base)
            finally:
                self.stop()
                if self.faults:
                    log.seek(0)
                    print(log.read()[-3000:])
        return 1 if self.faults else 0

    def start(self):
        self.process = subprocess.Popen([self.program, "run"], cwd=self.config.parent, stdout=self.log, stderr=self.log)

    def stop(self):
        self.process.terminate()
        self.check(self.process.wait(20) == 0, "the program ends well")

    def browse(self, playwright, base):
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        context = browser.new_context()
        self.watch(context, base)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and "403" not in message.text
                and self.check(False, f"console: {message.text}"))
        self.login(page, base)
        cookies = context.cookies()
        self.check(all(c["httpOnly"] and c["sameSite"] == "Strict" for c in cookies), "the cookie is for the server alone")
        self.hostile(page, base)
        self.odd_titles(page, base)
        self.narrow(browser, base, cookies)
        self.keyboard(page, base)
        self.every_page(browser, base, cookies)
        self.without_script(browser, base, cookies)
        self.actions(page, base)
        self.news(page, base)
        self.tabs(browser, base, cookies, shares=True)
        self.tabs(browser, base, cookies, shares=False)
        self.ended_session(context, page, base)
        page.goto(f"{base}/")
        self.check(page.url.endswith("/login"), "a logout ends the session")
        quiet = browser.new_context()
        page = quiet.new_page()
        self.login(page, base)
        self.refused(page, base)
        self.renewed(page, base)
        quiet.close()
        self.restarts(browser, base)
        others = {origin for origin in self.requests if not origin.startswith(base)}
        self.check(not others, f"requests went to {others}")
        browser.close()

    def wait(self, base):
        """Until every alert is there: what is read of the state is the page's own count."""
        deadline = time.time() + 60
        while time.time() < deadline:
            try:
                request = urllib.request.Request(f"{base}/about", headers={"Authorization": f"Bearer {TOKEN}"})
                text = urllib.request.urlopen(request, timeout=5).read().decode()
                match = re.search(r"(\d+) alerts?<", text)
                if match and int(match.group(1)) >= len(ITEMS):
                    return
            except OSError:
                pass
            time.sleep(0.5)
        self.check(False, "the alerts have come")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tocsin")
    parser.add_argument("--shots")
    arguments = parser.parse_args()
    trial = Trial(os.path.abspath(arguments.tocsin), arguments.shots)
    status = trial.run()
    print("every page and action is as it should be" if status == 0 else f"{len(trial.faults)} faults")
    return status


if __name__ == "__main__":
    sys.exit(main())
