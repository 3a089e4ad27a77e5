// Places, the lines of the source around them, and stacks.

const linesOfFiles = new Map();

function linesOf(file) {
  if (!linesOfFiles.has(file)) linesOfFiles.set(file, new Map(page.files[file].lines ?? []));
  return linesOfFiles.get(file);
}

/** The lines around a place; null where there are none. */
function codeElement(number) {
  const place = page.places[number];
  if (place.file === undefined) return null;
  const lines = linesOf(place.file);
  if (!lines.has(place.line)) return null;
  const pre = element('pre', { tabindex: 0, 'aria-label': `Source at ${shown(placeText(number))}` });
  for (let line = place.line - 2; line <= place.line + 2; line += 1) {
    if (!lines.has(line)) continue;
    const isHere = line === place.line;
    pre.append(element('span', { class: isHere ? 'line here' : 'line' },
      element('span', { class: 'at' }, String(line)),
      isHere ? element('span', { class: 'unseen' }, 'here: ') : null,
      element('span', { class: 'source' }, shown(lines.get(line).replaceAll('\t', '    '), 500)),
      '\n'));
  }
  return pre;
}

/** A place with its code and the calls that led there. */
function placeElement(number, stack, input, line) {
  const trace = `${shown(input, 80)}:${line}`;
  if (number === undefined) {
    return element('div', { class: 'where' },
      element('p', { class: 'place' }, element('bdi', {}, trace)));
  }
  const text = placeText(number);
  return element('div', { class: 'where' },
    element('p', { class: 'place' },
      element('bdi', { class: 'path', title: `event at ${trace}` }, breakable(shown(text, 120))),
      ' ', element('span', { class: 'quiet' }, `event ${line}`)),
    codeElement(number),
    stackElement(stack));
}

function stackElement(number) {
  if (number === undefined) return null;
  const frames = page.stacks[number];
  const list = element('ol', { class: 'stack' }, frames.map((frame) => {
    const text = shown(frameText(frame), 200);
    const code = codeElement(frame);
    return element('li', {}, code ? disclosure(element('bdi', {}, text), () => codeElement(frame))
      : element('bdi', {}, text));
  }));
  if (frames.length <= 3) return list;
  return disclosure(`Stack, ${counted(frames.length, 'frame')}: ${
    shown(frameText(frames[0]), 50)} …`, () => list);
}

/** A frame with its file as the page names it. */
function frameText(number) {
  const text = placeInInput(page.places[number]);
  const parts = page.places[number].file === undefined ? null : /^(.*) \(.*\)$/s.exec(text);
  return parts ? `${parts[1]} (${placeText(number)})` : text;
}

/** Said once: the files of which there are no lines. */
function missingFiles(numbers) {
  if (!page.showsSources) return null;
  const missing = [...new Set(numbers)].filter((number) => page.files[number].lack);
  if (missing.length === 0) return null;
  const names = missing.slice(0, 6)
    .map((number) => `${shown(page.files[number].path, 80)} (${page.files[number].lack})`);
  const more = missing.length > 6 ? ` and ${missing.length - 6} more` : '';
  return element('p', { class: 'quiet missing' },
    `No lines of ${names.join(', ')}${more}. --source-root names the folder of the sources.`);
}
