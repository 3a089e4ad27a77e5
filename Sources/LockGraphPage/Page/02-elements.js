// Making elements. Text is always text: no name can be more.

/**
 * An element with attributes, listeners (`on…`) and children, which are elements or text; what is
 * null, undefined or false is left out.
 */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  for (const child of children.flat()) {
    if (child !== undefined && child !== null && child !== false) made.append(child);
  }
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

/** A name out of a trace: of its own direction, and cut where it is long. */
function nameElement(text, limit) {
  const short = shown(text, limit);
  return element('bdi', { class: 'name', title: short === text ? null : shown(text, 1000) },
    breakable(short));
}

/** A text that may be broken where a person would: behind the marks between its parts. */
function breakable(text) {
  return text.split(/(?<=[/._:>-])(?=[^/._:>-])/).flatMap(
    (part, index) => (index === 0 ? [part] : [document.createElement('wbr'), part]));
}

/** Told to who listens rather than looks. */
function say(text) {
  byId('said').textContent = text;
}

async function copy(text, what, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers that give no access to the clipboard for a page from a file.
    const area = element('textarea', { class: 'unseen', 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    button.focus();
  }
  say(`${what} copied`);
  const before = button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = before; }, 1200);
}

function copyButton(label, what, text) {
  const button = element('button', { type: 'button', title: `Copy ${what}` }, label);
  button.addEventListener('click', () => {
    if (button.textContent === label) copy(text(), what, button);
  });
  return button;
}

function severityElement(severity) {
  const { word, sign } = SEVERITIES[severity];
  return element('span', { class: `severity ${severity}` },
    element('span', { class: 'sign', 'aria-hidden': 'true' }, sign), word);
}

function gradeElement(finding) {
  if (!finding.confidence) return null;
  return element('span', { class: 'tag', title: GRADES[finding.confidence] }, finding.confidence);
}

/** What is made when it is opened for the first time. */
function disclosure(summary, make, isOpen = false) {
  const details = element('details', {}, element('summary', {}, summary));
  let isMade = false;
  const fill = () => {
    if (isMade) return;
    isMade = true;
    details.append(...[make()].flat());
  };
  details.addEventListener('toggle', () => { if (details.open) fill(); });
  if (isOpen) {
    fill();
    details.open = true;
  }
  return details;
}
