"""Uses pages of `lockdep-check --html` in Chromium as a person would, and says what is wrong.

    page.py CHECK FILE.html [AXE.js]

CHECK is one of the functions below. Each line of the output is a fault; there is none if all is
well. Needs selenium, Chromium and its driver.
"""

import json
import os
import sys
import time

from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

faults = 0


def expect(condition, text):
    global faults
    if not condition:
        faults += 1
        print(text)


class Page:
    def __init__(self, path):
        options = Options()
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]:
            options.add_argument(argument)
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.path = path
        self.size(1280, 900)
        self.dark(False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def open(self, fragment=""):
        # Another fragment alone would not load it again.
        self.driver.get("about:blank")
        self.driver.get("file://" + os.path.abspath(self.path) + fragment)
        expect("ready" in self.get("document.body.className"), "the script did not come to its end")

    def get(self, expression):
        return self.driver.execute_script("return " + expression)

    def run(self, statement):
        self.driver.execute_script(statement)

    def keys(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def size(self, width, height):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def dark(self, is_dark):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}]})

    def check_quiet(self):
        """No message, and no request but for the page itself."""
        for entry in self.driver.get_log("browser"):
            expect(False, f"console: {entry['message']}")
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                expect(url.startswith(("file://", "data:", "about:")), f"request: {url}")


def wait(condition, text, seconds=3):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    expect(False, text)


TABS = ["findings", "graph", "classes", "statistics", "run"]


def tabs(page):
    return [tab for tab in TABS if page.all(f"#tab-{tab}")]


def smoke(page):
    """It opens, shows every part, and nothing is said in the console."""
    page.open()
    if page.get("findings.length") > 0:
        expect(page.find("#detail h2").is_displayed(), "no finding is shown")
        expect(page.find(".lanes .hold").is_displayed(), "no lanes")
    else:
        expect("No violation" in page.find("#detail").text, "nothing says that all is well")
    for tab in tabs(page):
        page.find(f"#tab-{tab}").click()
        expect(page.find(f"#{tab}").is_displayed(), f"{tab} is not shown")
        expect(len(page.find(f"#{tab}").text) > 0, f"{tab} is empty")
    page.check_quiet()


def use(page):
    """Filter, keys, steps, links, copies, graph and classes. Needs several findings, two of them
    lock-order-inversions with a schedule."""
    page.open()
    total = page.get("findings.length")
    expect(total >= 3, "too few findings to be used")
    # Keys.
    page.keys("jj")
    expect(page.get("list.current") == 2, "j does not go down")
    page.keys("k")
    expect(page.get("list.current") == 1, "k does not go up")
    expect(page.get("location.hash.slice(1)") == page.get("findings[1].id"), "no deep link")
    page.keys("/")
    expect(page.get("document.activeElement.id") == "search", "/ does not search")
    word = page.get("className(findings[0].classes[0])")
    page.keys(word)
    wait(lambda: page.get("list.matches") < total, "the search finds all")
    expect(page.get("list.rows.every((row) => haystack(row.finding).includes('%s'))" % word.lower()),
           "the search finds something else")
    page.keys(Keys.ENTER)
    expect(page.get("document.activeElement.id") == "list", "Enter does not go to the list")
    page.keys(Keys.ENTER)
    expect(page.get("document.activeElement.id") == "detail", "Enter does not open the finding")
    page.keys(Keys.ESCAPE)
    expect(page.get("document.activeElement.id") == "list", "Esc does not go back")
    page.keys("/", Keys.CONTROL, "a", Keys.NULL, Keys.DELETE)
    wait(lambda: page.get("list.matches") == total, "nothing to search for does not find all")
    # Severities and groups.
    box = page.find("#severities input")
    box.click()
    expect(page.get("list.matches") < total, "a severity cannot be left out")
    box.click()
    for grouping in ["rule", "grade", "class", "input", "none"]:
        page.find(f"#grouping option[value={grouping}]").click()
        groups = page.get("list.rows.filter((row) => !row.finding).length")
        expect((groups > 0) == (grouping != "none"), f"{groups} groups by {grouping}")
        members = page.get("list.rows.filter((row) => row.finding).length")
        expect(members == total, f"{members} of {total} findings grouped by {grouping}")
    # Steps.
    number = page.get("""findings.findIndex((one) => one.schedule
        && one.edges.every((edge) => byId(orderId(edge.from, edge.to))))""")
    page.run(f"goTo(findings[{number}])")
    steps = page.get("document.querySelectorAll('.step').length")
    drawn = "document.querySelectorAll('.arrows path.tip').length"
    wait(lambda: page.get(drawn) > 1, "the circle is not drawn")
    page.find("[aria-label='First step']").click()
    expect(len(page.all(".step.later")) == steps - 1, "the first step shows more")
    expect(page.get(drawn) == 0, "somebody waits at the first step")
    for step in range(2, steps + 1):
        page.find("[aria-label='Step forward']").click()
        expect(f"Step {step} of {steps}" in page.find(".step-text").text, f"no step {step}")
    expect(page.get(drawn) > 1, "the last step does not close the circle")
    page.find("[aria-label='Step back']").click()
    expect(len(page.all(".step.later")) == 1, "no step back")
    slider = page.find(".stepper input")
    slider.send_keys(Keys.HOME)
    expect(len(page.all(".step.later")) == steps - 1, "the slider does not go to the first step")
    # Copies.
    page.run("window.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text); }")
    for button in page.all(".actions button:not(.main)"):
        button.click()
    copied = page.get("copied")
    finding = page.get(f"findings[{number}]")
    expect(copied[0] == finding["fingerprint"], "another fingerprint was copied")
    expect(copied[1].endswith("#" + finding["id"]), "another link was copied")
    entry = json.loads(copied[2])
    expect(entry["fingerprint"] == finding["fingerprint"] and entry["rule"] == finding["rule"],
           "another baseline entry was copied")
    expect(copied[3].startswith(f"  - rule: {finding['rule']}\n    classes: ["),
           "no policy entry was copied")
    # The graph.
    page.find(".actions .main").click()
    expect(page.find("#viewport svg").is_displayed(), "no graph")
    expect(len(page.all("#viewport .lit")) > 2, "the finding is not lit")
    before = page.get("graph.view.join()")
    page.find("#zoom-in").click()
    expect(page.get("graph.view.join()") != before, "no zoom")
    page.find("#viewport").send_keys("0")
    expect(page.get("graph.view.join() === graph.home.join()"), "0 does not fit the graph")
    viewport = page.find("#viewport")
    ActionChains(page.driver).move_to_element_with_offset(viewport, -300, 200).click_and_hold() \
        .move_by_offset(40, 30).release().perform()
    expect(page.get("graph.view.join() !== graph.home.join()"), "dragging does not move the graph")
    page.find("#zoom-fit").click()
    node = page.find("#viewport .lit.lock-class")
    ActionChains(page.driver).move_to_element(node).perform()
    expect(len(page.all("#viewport .aside")) > 0, "nothing steps aside for a class's neighbours")
    node.click()
    expect("Taken after it" in page.find("#graph-detail").text, "a class shows no orders")
    edge = page.find("#viewport g.lit.dependency")
    edge.send_keys(Keys.ENTER)
    expect("asked for" in page.find("#graph-detail").text, "an order shows no evidence")
    page.find("#unlight").click()
    expect(len(page.all("#viewport .lit")) == 0, "the light does not go out")
    # Classes.
    page.find("#tab-classes").click()
    word = page.get(f"className(findings[{number}].classes[0])")
    page.find("#classes input").send_keys(word)
    page.find("#classes .results button").click()
    expect(page.find("#class-view h2").text == word, "another class is shown")
    evidence = page.all("#class-view .small")
    evidence[0].click()
    expect("asked for" in page.find("#class-view .evidence").text, "no evidence of an order")
    # Deep links.
    identifier = page.get("findings[1].id")
    page.open("#" + identifier)
    expect(page.get("currentFinding.id") == identifier, "a deep link does not lead to its finding")
    page.open("#graph")
    expect(page.find("#graph").is_displayed(), "a link does not lead to the graph")
    # Print.
    page.open()
    printed = page.driver.execute_cdp_cmd("Page.printToPDF", {})
    expect(len(printed["data"]) > 20_000, "little was printed")
    page.run("preparePrint()")
    expect(page.get("document.querySelectorAll('#print article').length") == min(total, 50),
           "not all findings are printed")
    page.run("afterPrint()")
    page.check_quiet()


def narrow(page):
    """At 360 pixels nothing stands out of the page, and a finding takes the place of the list."""
    page.size(360, 740)
    page.open()
    for tab in tabs(page):
        page.run(f"openTab('{tab}')")
        width = page.get("document.documentElement.scrollWidth")
        expect(width <= 360, f"{tab} is {width} wide")
    page.run("openTab('findings')")
    expect(not page.find("#detail").is_displayed(), "list and finding are beside each other")
    page.find("#rows .row").click()
    expect(page.find("#detail").is_displayed(), "the finding is not shown")
    expect(page.get("document.documentElement.scrollWidth") <= 360, "the finding is too wide")
    page.find(".back").click()
    expect(page.find("#list").is_displayed(), "no way back")
    page.check_quiet()


# What can be said of contrast, names and focus without a package.
WALK = """
const faults = [];
const luminance = (color) => {
  const [r, g, b] = color.map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
const ground = (element) => {
  for (let one = element; one; one = one.parentElement) {
    const color = parse(getComputedStyle(one).backgroundColor);
    if (color.length === 3 || color[3] === 1) return color.slice(0, 3);
  }
  return [255, 255, 255];
};
for (const element of document.querySelectorAll('body *')) {
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
  if (element.closest('svg, .unseen, .skip')) continue;
  const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const style = getComputedStyle(element);
  if (hasText) {
    const [one, other] = [luminance(parse(style.color).slice(0, 3)), luminance(ground(element))]
      .sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    const isLarge = parseFloat(style.fontSize) >= 24
      || parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700;
    if (contrast < (isLarge ? 3 : 4.5)) {
      faults.push(`contrast ${contrast.toFixed(2)}: ${element.outerHTML.slice(0, 120)}`);
    }
  }
  if (element.matches('button, input, select, [tabindex="0"], [role=tree], [role=treeitem]')) {
    const label = element.getAttribute('aria-label') ?? '';
    const labels = [...(element.labels ?? [])].map((one) => one.textContent).join('');
    if (!(label + labels + element.textContent).trim()) {
      faults.push(`no name: ${element.outerHTML.slice(0, 120)}`);
    }
  }
}
const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
for (const id of new Set(ids)) {
  if (ids.filter((other) => other === id).length > 1) faults.push(`twice: #${id}`);
}
for (const attribute of ['aria-controls', 'aria-labelledby', 'aria-activedescendant']) {
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    if (!document.getElementById(element.getAttribute(attribute))) {
      faults.push(`${attribute} of nothing: ${element.outerHTML.slice(0, 120)}`);
    }
  }
}
return faults;
"""


def access(page, axe=None):
    """Names, roles and contrast of every part, light and dark, wide and narrow: by axe-core if its
    file is given, and by a walk of our own."""
    code = open(axe, encoding="utf-8").read() if axe else None
    for is_dark in [False, True]:
        page.dark(is_dark)
        for width in [1280, 360]:
            page.size(width, 900)
            page.open()
            for tab in tabs(page):
                page.run(f"openTab('{tab}')")
                if tab == "findings":
                    page.run("openDetail()")
                if tab == "classes":
                    page.run("showClass(findings[0].classes[0], true)")
                where = f"{tab}, {'dark' if is_dark else 'light'}, {width}"
                for fault in page.driver.execute_script(WALK):
                    expect(False, f"{where}: {fault}")
                if not code:
                    continue
                page.run(code)
                violations = page.driver.execute_async_script("""
                    const done = arguments[arguments.length - 1];
                    axe.run(document, { resultTypes: ['violations'] }).then((result) => done(
                      result.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 150)}: ${
                        one.nodes[0].failureSummary.replaceAll('\\n', ' ').slice(0, 200)}`)));""")
                for violation in violations:
                    expect(False, f"{where}: {violation}")


def hostile(page):
    """Names of which each would do something if it were more than text."""
    page.run("window.alert = () => {}")
    page.open()
    for tab in tabs(page):
        page.run(f"openTab('{tab}')")
        text = page.get("document.body.innerText")
        for character in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u001b":
            expect(character not in text, f"U+{ord(character):04X} is in {tab}")
    page.run("findings.forEach((finding) => goTo(finding))")
    expect(page.get("document.querySelectorAll('script').length") == 2, "there is another script")
    expect(page.get("document.querySelectorAll('img, iframe, object, embed, a[href^=javascript]').length") == 0,
           "a name is an element")
    expect(page.get("window.hurt") is None, "a name ran")
    expect(page.get("document.documentElement.scrollWidth <= innerWidth"), "a name is too wide")
    page.check_quiet()


def large(page, count):
    """Many findings are there at once, and rows are made as they come into view."""
    page.open()
    expect(page.get("findings.length") == int(count), f"{page.get('findings.length')} findings")
    expect(page.get("document.querySelectorAll('*').length") < 6_000, "all rows are made at once")
    bottom = page.get("list.height")
    page.run(f"document.getElementById('list').scrollTop = {bottom}")
    last = page.get("`#row-${list.rows.length - 1}`")
    wait(lambda: page.all(last), "the last row is not made")
    expect(len(page.all("#rows > *")) < 100, "rows that are out of view stay")
    page.keys("/", "zzzz-not-there")
    wait(lambda: page.get("list.matches") == 0, "the search does not end")
    page.check_quiet()


if __name__ == "__main__":
    with Page(sys.argv[2]) as opened:
        globals()[sys.argv[1]](opened, *sys.argv[3:])
    sys.exit(0)
