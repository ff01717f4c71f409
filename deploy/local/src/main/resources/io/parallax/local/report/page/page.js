'use strict';
const data = JSON.parse(document.getElementById('numbers').textContent);
const OTHER = '(other)';
const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 9; // numbers of a cell: source, destination, locality, packets, octets, opened, refused, unanswered, sent again

// Text only ever becomes a text node: names are other people's, and may look like markup.
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children.flat().filter(child => child !== null));
  return element;
}
const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
const body = id => document.querySelector('#' + id + ' > div');
const count = n => n.toLocaleString('en-US');
const percent = share => (100 * share).toFixed(1) + ' %';
function octets(n) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  while (n >= 999.5 && unit < units.length - 1) { n /= 1000; unit++; }
  return (unit === 0 || n >= 99.5 ? n.toFixed(0) : n.toFixed(1)) + ' ' + units[unit];
}
function micros(n) {
  return n < 0 ? '–' : n < 1000 ? n + ' µs' : n < 1e6 ? (n / 1000).toFixed(1) + ' ms' : (n / 1e6).toFixed(2) + ' s';
}

// Every number says what it is: data-measure, what it is about, and data-value, which is exact; data-of is the whole of a share.
function exact(measure, value, about) {
  const attributes = {'data-measure': measure, 'data-value': value};
  for (const [name, text] of Object.entries(about)) attributes['data-' + name] = text;
  return attributes;
}
const figure = (measure, value, about, text) => h('span', exact(measure, value, about), text === undefined ? count(value) : text);
const volume = (measure, value, about) => figure(measure, value, about, octets(value));
const share = (measure, value, whole, about) => figure(measure, value, {...about, of: whole}, percent(whole ? value / whole : 0));
const time = micro => new Date(micro / 1000).toISOString().replace('T', ' ').slice(0, 19);
const isAddress = name => /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(name) || (name.includes(':') && /^[0-9a-f:.]+(\/\d+)?$/i.test(name));
const shown = (level, name) => level === 'vm' && isAddress(name) ? name + ' (unattributed)' : name;
const byName = (a, b) => a < b ? -1 : a > b ? 1 : 0;
const sum = values => values.reduce((a, b) => a + b, 0);

// A table: heads that begin with > are numbers; a cell is a name (text) or a node.
function list(caption, heads, rows) {
  const isNumber = heads.map(head => head[0] === '>');
  return h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption},
    h('table', {class: 'list'},
      h('thead', null, h('tr', null, heads.map((head, i) => h('th', isNumber[i] ? {class: 'n', scope: 'col'} : {scope: 'col'}, head.replace('>', ''))))),
      h('tbody', null, rows.map(row => h('tr', null, row.map((cell, i) =>
        h(i === 0 ? 'th' : 'td', {...(i === 0 ? {scope: 'row'} : isNumber[i] ? {class: 'n'} : null), ...(typeof cell === 'string' ? {'data-name': ''} : null)}, cell)))))));
}
const none = text => h('p', {class: 'none'}, text);
function choice(label, name, options, chosen, change) {
  return h('fieldset', null, h('legend', null, label), options.map(([value, text]) => {
    const input = h('input', {type: 'radio', name, value});
    input.checked = value === chosen;
    input.addEventListener('change', () => change(value));
    return h('label', null, input, h('span', null, text));
  }));
}
function select(label, options, chosen, change) {
  const element = h('select', null, options.map(([value, text]) => h('option', {value}, text)));
  element.value = chosen;
  element.addEventListener('change', () => change(element.value));
  return h('label', null, label, element);
}
function search(label, change) {
  const input = h('input', {type: 'search', placeholder: 'part of a name'});
  const told = () => change(input.value.trim().toLowerCase());
  input.addEventListener('input', told);
  input.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || input.value === '') return;
    event.preventDefault();
    input.value = '';
    told();
  });
  const field = h('label', null, label, input);
  field.put = text => { input.value = text; told(); input.focus(); };
  return field;
}
// What is in quotes is a whole name; all else a part of one.
function finder(term) {
  const whole = term.length > 2 && term.startsWith('"') && term.endsWith('"') ? term.slice(1, -1) : null;
  return (...names) => whole === null ? names.join(' ').toLowerCase().includes(term) : names.some(name => name.toLowerCase() === whole);
}
function bar(name, text, parts) {
  return h('div', {class: 'bar'}, h('div', null, h('b', null, name), h('span', null, ...text)),
    h('div', {class: 'track', 'aria-hidden': 'true'}, parts.map(([share, kind]) => h('i', {class: kind, style: 'width:' + 100 * share + '%'}))));
}

function header() {
  const about = {section: 'header'};
  const span = document.getElementById('span');
  if (data.first === null) span.append('No flows.');
  else span.append(figure('first', data.first, about, time(data.first)), ' to ', figure('last', data.last, about, time(data.last)), ' UTC');
  const add = (label, value) => document.getElementById('figures').append(h('div', null, h('dt', null, label), h('dd', null, value)));
  add('Packets, each once', figure('packets', sum(data.localities.map(row => row[1])), about));
  add('Octets', volume('octets', sum(data.localities.map(row => row[2])), about));
  add('Flows', figure('flows', sum(data.localities.map(row => row[3])), about));
  add('Virtual machines by name', figure('named', data.machines[0], about));
  add('Addresses without a name', figure('unattributed', data.machines[1], about));
}

// What never leaves the virtual switch is on no wire; what is routed passes the router's port.
const PLACES = [
  ['A port at the router', 'core', /routed$/],
  ['SPAN or TAP at every uplink of every host', 'uplinks', /^inter-host|^within-host routed/],
  ['Parallax: a capture VM on every host', 'parallax', /./]];
function visibility() {
  let unit = 1;
  const target = h('div');
  const draw = () => {
    const rows = data.localities.filter(row => /^(within|inter)-host/.test(row[0]));
    const all = sum(rows.map(row => row[unit]));
    const seen = PLACES.map(place => sum(rows.filter(row => place[2].test(row[0])).map(row => row[unit])));
    const name = unit === 1 ? 'packets' : 'octets';
    const text = unit === 1 ? count : octets;
    const about = {section: 'visibility'};
    const unseen = all - seen[1];
    const whole = () => figure(name, all, about, text(all));
    target.replaceChildren(all === 0 ? none('No traffic between virtual machines whose place is determined.') : h('div', null,
      h('p', {class: 'hero'}, h('strong', null, share(name, unseen, all, {...about, place: 'nowhere'})), ' of the ' + name + ' between virtual machines never touched a wire.'),
      h('div', {class: 'bars'}, PLACES.map(([label, place], i) => bar(label,
        [figure(name, seen[i], {...about, place}, text(seen[i])), ' of ', whole(), ', ', share(name, seen[i], all, {...about, place})],
        [[seen[i] / all, place === 'parallax' ? 'within' : '']]))),
      h('h3', null, 'Share seen, by where the traffic ran'),
      list('Share seen by where the traffic ran', ['Seen at', ...rows.map(row => '>' + row[0]), '>all'], PLACES.map(([label, place, sees], i) => [label,
        ...rows.map(row => share(name, sees.test(row[0]) ? row[unit] : 0, row[unit], {...about, place, locality: row[0]})), share(name, seen[i], all, {...about, place})])),
      h('p', {class: 'quiet'}, 'Wire ports are given the best case: every uplink mirrored, nothing dropped, and a router outside the hosts. What was routed inside a host by a virtual router would be missing there too. North-south and broadcast traffic is left out. The whole is what Parallax saw; what it is known to have missed is under ', h('a', {href: '#sensors'}, 'Sensors'), '.')));
  };
  body('visibility').append(h('div', {class: 'tools'}, choice('Count', 'visibility-unit', [['1', 'packets'], ['2', 'octets']], '1', value => { unit = Number(value); draw(); })), target);
  draw();
}

function locality() {
  const rows = [...data.localities].sort((a, b) => b[2] - a[2]);
  const all = sum(rows.map(row => row[2]));
  const kind = name => name.startsWith('within') ? 'within' : name.startsWith('inter') ? '' : 'other';
  const about = name => ({section: 'locality', locality: name});
  body('locality').append(h('div', {class: 'bars'}, rows.map(row => bar(row[0], [volume('octets', row[2], about(row[0])), ', ', share('octets', row[2], all, about(row[0]))], [[all ? row[2] / all : 0, kind(row[0])]]))),
    list('Locality', ['Locality', '>packets', '>octets', '>flows'], rows.map(row => [row[0], ...['packets', 'octets', 'flows'].map((measure, i) => figure(measure, row[i + 1], about(row[0])))])));
}

const MEASURES = [['4', 'octets'], ['3', 'packets'], ['5', 'flows'], ['6', 'refused'], ['7', 'unanswered'], ['8', 'sent again']];
let lookUp = () => {};
function matrix() {
  const names = Object.keys(data.levels);
  if (names.length === 0) return body('matrix').append(none('No matrix.'));
  // Two thousand rows say nothing at a glance: large estates open by application, the level switch leads to the machines.
  const isLarge = data.levels.vm && data.levels.vm.names.length > 80 && data.levels.application && data.levels.application.names.length > 2;
  const state = {level: isLarge ? 'application' : names.includes('vm') ? 'vm' : names[0], measure: 4, most: 20, term: '', locality: '', back: ''};
  const totals = h('p', {class: 'quiet', 'aria-live': 'polite'});
  const target = h('div');
  const told = h('p', {class: 'told', role: 'status'});
  const set = (key, value) => { state[key] = value; draw(); };
  const ran = select('Ran', [['', 'anywhere'], ...data.localities.map(row => [row[0], row[0]])], '', value => set('locality', value));
  const find = search('Search', value => set('term', value));
  const tools = h('div', {class: 'tools'},
    choice('Level', 'matrix-level', names.map(name => [name, name]), state.level, value => set('level', value)),
    choice('Measure', 'matrix-measure', MEASURES, '4', value => set('measure', Number(value))), ran,
    select('Show', [10, 20, 40, 80].map(n => [n, 'top ' + n]), 20, value => set('most', Number(value))), find);
  body('matrix').append(h('p', {class: 'quiet'}, 'Rows send, columns receive. Ordered by application or subnet, then by volume; what is not shown by itself is in (other). Enter looks up the sender of a cell, Escape shows all again.'), tools, totals, told, target);
  const go = name => {
    state.level = name;
    tools.querySelector('input[value="' + name + '"]').checked = true;
  };
  // From an application to its machines; all else stays on its level.
  lookUp = (name, level) => {
    state.back = state.back || state.level;
    go(level === 'application' && data.levels.vm ? 'vm' : level);
    find.put('"' + name + '"');
  };
  body('matrix').addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    if (state.back) go(state.back);
    Object.assign(state, {back: '', term: '', locality: ''});
    find.querySelector('input').value = '';
    ran.querySelector('select').value = '';
    draw();
  });
  function draw() {
    const level = data.levels[state.level];
    const cells = level.cells;
    const text = state.measure === 4 || state.measure === 8 ? octets : count;
    const weight = new Float64Array(level.names.length);
    const finds = finder(state.term);
    const hits = level.names.map((name, i) => finds(name, level.groups[i]));
    const peers = new Uint8Array(level.names.length);
    const wanted = c => (state.locality === '' || level.localities[cells[c + 2]] === state.locality) && (hits[cells[c]] || hits[cells[c + 1]]);
    let all = 0, pairs = 0;
    for (let c = 0; c < cells.length; c += WIDTH) {
      if (!wanted(c)) continue;
      const n = cells[c + state.measure];
      weight[cells[c]] += n; weight[cells[c + 1]] += n; all += n; pairs++;
      peers[cells[c]] = peers[cells[c + 1]] = 1;
    }
    const order = [...level.names.keys()].filter(i => peers[i] && level.names[i] !== OTHER)
      .sort((a, b) => (state.term ? hits[b] - hits[a] : 0) || weight[b] - weight[a] || byName(level.names[a], level.names[b]));
    const top = order.slice(0, state.most);
    const groupVolume = new Map();
    top.forEach(i => groupVolume.set(level.groups[i], (groupVolume.get(level.groups[i]) || 0) + weight[i]));
    top.sort((a, b) => groupVolume.get(level.groups[b]) - groupVolume.get(level.groups[a]) || level.groups[a].localeCompare(level.groups[b]) || weight[b] - weight[a] || byName(level.names[a], level.names[b]));
    const place = new Int32Array(level.names.length).fill(top.length);
    top.forEach((i, at) => { place[i] = at; });
    const size = top.length + 1;
    const grid = new Float64Array(size * size);
    const where = new Map();
    for (let c = 0; c < cells.length; c += WIDTH) {
      if (!wanted(c)) continue;
      const at = place[cells[c]] * size + place[cells[c + 1]];
      grid[at] += cells[c + state.measure];
      if (!where.has(at)) where.set(at, new Map());
      const ran = level.localities[cells[c + 2]];
      where.get(at).set(ran, (where.get(at).get(ran) || 0) + cells[c + state.measure]);
    }
    const hasOther = grid.some((n, at) => n > 0 && (at % size === size - 1 || Math.floor(at / size) === size - 1));
    const used = hasOther ? size : size - 1;
    const label = at => at === size - 1 ? OTHER : shown(state.level, level.names[top[at]]);
    const group = at => at === size - 1 ? '' : level.groups[top[at]];
    // (other) sums up what is many: measured by it, all else would be pale.
    const greatest = Math.max(1, grid.reduce((a, b, at) => at % size === size - 1 || at >= size * (size - 1) ? a : Math.max(a, b), 0));
    const measure = MEASURES.find(m => Number(m[0]) === state.measure)[1];
    const about = {section: 'matrix', level: state.level};
    if (state.locality) about.locality = state.locality;
    if (state.term) about.search = state.term;
    const entity = at => at === size - 1 ? OTHER : level.names[top[at]];
    const ends = (from, to) => ({...about, source: entity(from), destination: entity(to)});
    totals.replaceChildren(figure(measure, all, about, text(all)), text === octets && measure === 'octets' ? ', ' : ' ' + measure + ', ', figure('cells', pairs, about), ' cells, ', figure('entities', order.length, about), ' entities',
      ...(order.length > top.length ? [', ', figure('shown', top.length, about), ' of them shown by themselves'] : []), '.',
      ...(level.foldedCells ? [' The ', figure('folded cells', level.foldedCells, {section: 'matrix', level: state.level}), ' cells with fewest octets (', volume('folded octets', level.foldedOctets, {section: 'matrix', level: state.level}),
        ' together) are added up as (other) to (other): all sums are whole, but no search finds who is in there.'] : []));
    const tell = cell => {
      if (!cell || !cell.dataset || cell.dataset.at === undefined) return;
      const at = Number(cell.dataset.at), from = Math.floor(at / size), to = at % size;
      const ran = [...where.get(at)].sort((a, b) => b[1] - a[1]);
      const name = at => h('span', {'data-name': ''}, label(at));
      told.replaceChildren(name(from), ' → ', name(to), ': ', figure(measure, grid[at], ends(from, to)), ' ' + measure, ...(text === octets ? [' (', figure(measure, grid[at], ends(from, to), octets(grid[at])), ')'] : []),
        ...ran.flatMap(([place, n], i) => [i ? ', ' : '; ', place + ' ', figure(measure, n, {...ends(from, to), locality: place}, text(n))]));
    };
    told.textContent = 'Point at a cell, or walk through them with the arrow keys.';
    let first = true;
    const rows = [];
    for (let from = 0; from < used; from++) {
      const row = h('tr', from > 0 && group(from) !== group(from - 1) ? {class: 'turn'} : null, h('th', {scope: 'row', title: label(from) + (group(from) ? ', ' + group(from) : '')}, h('span', {'data-name': ''}, label(from))));
      for (let to = 0; to < used; to++) {
        const at = from * size + to, n = grid[at];
        if (n === 0) { row.append(h('td', from === to ? {class: 'self'} : null)); continue; }
        const strength = 0.12 + 0.88 * Math.pow(Math.log1p(n) / Math.log1p(greatest), 3);
        row.append(h('td', {...exact(measure, n, ends(from, to)), tabindex: first ? 0 : -1, 'data-at': at, style: '--i:' + Math.min(1, strength).toFixed(3)}, text(n)));
        first = false;
      }
      rows.push(row);
    }
    const head = Math.min(146, 12 + 8 * Math.max(...[...Array(used).keys()].map(at => label(at).replace(' (unattributed)', '').length)));
    const table = h('table', {class: 'heat', style: '--head:' + head + 'px', 'aria-label': 'Matrix, level ' + state.level + ', ' + measure},
      h('thead', null, h('tr', null, h('td', {class: 'self'}), [...Array(used).keys()].map(at => h('th', {scope: 'col', title: label(at)}, h('div', null, h('span', {'data-name': ''}, label(at).replace(' (unattributed)', ''))))))),
      h('tbody', null, rows));
    table.addEventListener('mouseover', event => tell(event.target));
    table.addEventListener('focusin', event => tell(event.target));
    table.addEventListener('keydown', event => walk(event, size));
    const drill = event => { if (event.target.dataset.at !== undefined && event.target.dataset.source !== OTHER) lookUp(event.target.dataset.source, state.level); };
    table.addEventListener('dblclick', drill);
    table.addEventListener('keydown', event => { if (event.key === 'Enter') { event.preventDefault(); drill(event); } });
    const flat = [];
    grid.forEach((n, at) => { if (n > 0) flat.push([n, Math.floor(at / size), at % size]); });
    flat.sort((a, b) => b[0] - a[0]);
    target.replaceChildren(top.length === 0 ? none('Nothing matches.') : h('div', {class: 'scroll', role: 'region', 'aria-label': 'Heat map', tabindex: 0}, table),
      h('details', null, h('summary', null, 'The same as a table (the greatest ', figure('rows', Math.min(200, flat.length), about), ')'),
        list('Matrix as a table', ['From', 'To', '>' + measure], flat.slice(0, 200).map(([n, from, to]) => [label(from), label(to), figure(measure, n, ends(from, to))]))));
  }
  draw();
}

// One stop for the tabulator, arrows inside (WAI-ARIA grid pattern); empty cells are passed over.
function walk(event, size) {
  const step = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[event.key];
  if (!step || event.target.dataset.at === undefined) return;
  event.preventDefault();
  const table = event.currentTarget;
  let row = Math.floor(event.target.dataset.at / size), column = event.target.dataset.at % size;
  for (;;) {
    row += step[0]; column += step[1];
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    const next = table.querySelector('[data-at="' + (row * size + column) + '"]');
    if (next) {
      event.target.setAttribute('tabindex', -1);
      next.setAttribute('tabindex', 0);
      next.focus();
      return;
    }
  }
}

const PROTOCOLS = {1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 132: 'SCTP'};
const service = row => row[4] === 0 ? OTHER : (PROTOCOLS[row[4]] || 'protocol ' + row[4]) + (row[5] ? ' ' + row[5] : '');
function dependencies() {
  if (!data.dependencies.present) return body('dependencies').append(none('These tables hold no dependencies.'));
  const all = data.dependencies.rows;
  if (all.length === 0) return body('dependencies').append(none('No use of a service was seen.'));
  const many = new Set(all.flatMap(row => [row[0], row[2]])).size > 40;
  const whole = {section: 'dependencies'};
  const state = {by: many ? 'application' : 'vm', term: '', most: 25};
  const target = h('div');
  const set = (key, value) => { state[key] = value; draw(); };
  body('dependencies').append(
    h('p', null, figure('dependencies', data.dependencies.count, whole), ' dependencies, ', figure('connections', sum(all.map(row => row[6])), whole), ' connections, ', figure('failures', sum(all.map(row => row[9])), whole), ' failures, ',
      volume('octets', sum(all.map(row => row[7] + row[8])), whole), '.', ...(data.dependencies.folded ? [' The ', figure('folded', data.dependencies.folded, whole), ' with fewest octets are added up as (other): all sums are whole, but no search finds who is in there.'] : [])),
    h('div', {class: 'tools'}, choice('Level', 'dependency-level', [['vm', 'vm'], ['application', 'application']], state.by, value => set('by', value)),
      select('Show', [10, 25, 50].map(n => [n, 'top ' + n]), 25, value => set('most', Number(value))), search('Search', value => set('term', value))), target);
  function draw() {
    const edges = new Map();
    const finds = finder(state.term);
    const name = (row, end) => state.by === 'vm' ? row[end] : row[end + 1] || (row[end] === OTHER ? OTHER : 'unattributed');
    for (const row of all) {
      const client = name(row, 0), server = name(row, 2);
      if (!finds(client, server, service(row), row[0], row[2])) continue;
      const key = JSON.stringify([client, server, service(row)]);
      const sums = edges.get(key) || [client, server, service(row), 0, 0, 0, true];
      sums[3] += row[6]; sums[4] += row[7] + row[8]; sums[5] += row[9]; sums[6] = sums[6] && row[10] === 'disappeared';
      edges.set(key, sums);
    }
    const sorted = [...edges.values()].sort((a, b) => b[4] - a[4] || byName(a[0], b[0]) || byName(a[1], b[1]) || byName(a[2], b[2]));
    const top = sorted.slice(0, state.most);
    const rest = sorted.slice(state.most);
    if (rest.length) top.push([OTHER, OTHER, 'all others', sum(rest.map(e => e[3])), sum(rest.map(e => e[4])), sum(rest.map(e => e[5])), false]);
    const about = {...whole, level: state.by};
    if (state.term) about.search = state.term;
    const show = name => shown(state.by, name);
    const edge = e => ({...about, client: e[0], server: e[1], service: e[2]});
    const shows = h('p', {class: 'quiet', 'aria-live': 'polite'}, figure('edges', sorted.length, about), ' at level ' + state.by, ...(rest.length ? [', ', figure('others', rest.length, about), ' of them in (other)'] : []), '.');
    target.replaceChildren(shows, top.length === 0 ? none('Nothing matches.') : graph(top.map(e => [show(e[0]), show(e[1]), ...e.slice(2)]), top.map(edge)),
      h('details', null, h('summary', null, 'The same as a table'), list('Dependencies', ['Client', 'Server', 'Service', '>connections', '>octets', '>failures', 'State'],
        top.map(e => [show(e[0]), show(e[1]), e[2], figure('connections', e[3], edge(e)), figure('octets', e[4], edge(e)), figure('failures', e[5], edge(e)), e[6] ? 'disappeared' : 'active']))));
  }
  draw();
}

const cut = text => text.length > 30 ? text.slice(0, 29) + '…' : text;
const LETTER = 7.6; // pixels, of the picture's 13 pixel font, generously
function graph(edges, abouts) {
  const last = name => name.startsWith(OTHER) ? 1 : 0;
  const names = of => [...new Set(edges.map(of))].sort((a, b) => last(a) - last(b));
  const wide = (texts, least) => Math.max(least, ...texts.map(text => LETTER * text.length));
  const server = e => e[1] + ' · ' + e[2];
  const cutServer = name => name.length > 44 ? name.slice(0, 43) + '…' : name;
  const clients = names(e => e[0]), servers = names(server);
  const left = wide(clients.map(cut), 50) + 10;
  const right = left + (window.innerWidth < 560 ? 120 : 400);
  const width = Math.ceil(right + 10 + wide(servers.map(cutServer), 120));
  const height = 26 * Math.max(clients.length, servers.length) + 40;
  const spread = (all, name) => 36 + (all.indexOf(name) + 0.5) * (height - 40) / all.length;
  // (other) sums up what is many: measured by it, all else would be thin.
  const greatest = Math.max(1, ...edges.filter(e => e[0] !== OTHER).map(e => e[4]));
  const picture = s('svg', {class: 'graph', viewBox: '0 0 ' + width + ' ' + height, width, height, role: 'img', 'aria-label': 'Dependencies, clients left, services right; the table below says the same'},
    s('text', {x: left - 10, y: 16, 'text-anchor': 'end', class: 'quiet'}, 'client'), s('text', {x: right + 10, y: 16, class: 'quiet'}, 'server · service'),
    edges.map((e, i) => {
      const y1 = spread(clients, e[0]), y2 = spread(servers, server(e)), middle = (left + right) / 2;
      return s('g', exact('octets', e[4], abouts[i]), s('title', null, e[0] + ' → ' + e[1] + ' ' + e[2] + ': ' + count(e[3]) + ' connections, ' + octets(e[4])),
        s('path', {class: (e[6] ? 'gone' : '') + (e[0] === OTHER ? ' rest' : ''), d: 'M' + left + ' ' + y1 + 'C' + middle + ' ' + y1 + ' ' + middle + ' ' + y2 + ' ' + right + ' ' + y2,
          'stroke-width': (1.5 + 12 * Math.sqrt(Math.min(1, e[4] / greatest))).toFixed(1)}));
    }),
    clients.map(name => s('text', {x: left - 10, y: spread(clients, name) + 4, 'text-anchor': 'end', 'data-name': ''}, cut(name), s('title', null, name))),
    servers.map(name => s('text', {x: right + 10, y: spread(servers, name) + 4, 'data-name': ''}, cutServer(name), s('title', null, name))));
  return h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Dependency graph'}, picture);
}

function talkers() {
  if (data.talkers.rows.length === 0) return body('talkers').append(none('No matrix.'));
  const target = h('div');
  const draw = term => {
    const about = term ? {section: 'talkers', search: term} : {section: 'talkers'};
    const finds = finder(term);
    const others = data.talkers.rows.filter(row => row[0] === OTHER && finds(OTHER, ''));
    const found = data.talkers.rows.filter(row => row[0] !== OTHER && finds(shown('vm', row[0]), row[1]));
    const top = found.slice(0, 15);
    const rest = [...found.slice(15), ...others];
    const cells = row => ['octets sent', 'octets received', 'flows opened'].map((measure, i) => figure(measure, row[i + 2], {...about, entity: row[0]}));
    const button = name => {
      const element = h('button', {type: 'button', class: 'name', 'data-name': '', title: 'Look it up in the matrix'}, shown('vm', name));
      element.addEventListener('click', () => lookUp(name, 'vm'));
      return element;
    };
    const rows = top.map(row => [button(row[0]), row[1], ...cells(row)]);
    if (rest.length) rows.push([h('span', null, OTHER + ', ', figure('entities', (term ? found.length : data.talkers.entities) - top.length, {...about, entity: OTHER}), ' more'), '', ...cells([OTHER, '', ...[2, 3, 4].map(i => sum(rest.map(row => row[i])))])]);
    target.replaceChildren(rows.length === 0 ? none('Nothing matches.') : list('Top talkers', ['Virtual machine', 'Application or subnet', '>octets sent', '>octets received', '>flows opened'], rows));
  };
  body('talkers').append(h('div', {class: 'tools'}, search('Search', draw)), target);
  draw('');
}

function slow() {
  const target = h('div');
  const shownPairs = data.pairs.rows;
  let column = 4, term = '';
  const draw = () => {
    const finds = finder(term);
    const rows = shownPairs.filter(row => row[column] > 0 && finds(row[0], row[1])).sort((a, b) => b[column] - a[column] || byName(a[0], b[0]) || byName(a[1], b[1])).slice(0, 15);
    target.replaceChildren(rows.length === 0 ? none('Nothing was measured.') : list('Slow pairs', ['Client', 'Server', '>handshakes', '>median', '>95th percentile', '>packets', '>sent again', '>share'],
      rows.map(row => {
        const about = {section: 'slow', source: row[0], destination: row[1]};
        const trip = (measure, n) => n < 0 ? '–' : figure(measure, n, about, micros(n));
        return [shown('vm', row[0]), shown('vm', row[1]), figure('handshakes', row[2], about), trip('median', row[3]), trip('p95', row[4]),
          figure('packets', row[5], about), figure('sent again', row[6], about), row[5] ? share('sent again', row[6], row[5], about) : '–'];
      })));
  };
  body('slow').append(h('p', {class: 'quiet'}, 'Round trips are those of TCP handshakes, SYN to the ACK that ends it, as seen at the canonical observation point. Of ', figure('pairs', data.pairs.count, {section: 'slow'}), ' pairs the page holds the slowest, and those with most packets sent again: ', figure('held', shownPairs.length, {section: 'slow'}), '.'),
    h('div', {class: 'tools'}, choice('Order by', 'slow-order', [['4', 'round trip'], ['6', 'sent again']], '4', value => { column = Number(value); draw(); }), search('Search', value => { term = value; draw(); })), target);
  draw();
}

const ACCOUNT = ['windows', 'frames', 'received', 'not IP', 'counted once', 'duplicates', 'folded', 'too late'];
function sensors() {
  const rows = data.sensors;
  if (rows.length === 0) return body('sensors').append(none('These tables hold no completeness.'));
  const total = ['total', ...rows[0].slice(1).map((unused, i) => sum(rows.map(row => row[i + 1])))];
  const about = row => ({section: 'sensors', sensor: row[0]});
  const cells = row => [row[0], ...ACCOUNT.map((name, i) => figure(name, row[i + 1], about(row))),
    h('span', row[10] ? {class: 'bad'} : null, figure('residual', row[10], about(row)), row[10] ? ' !' : '')];
  body('sensors').append(h('p', null, total[10] === 0 ? 'Every header that was published is a packet counted once, a duplicate by name, or in another column: nothing is left over.' : 'Headers are missing or counted twice: something is left over.'),
    list('Sensors', ['Sensor and interface', ...ACCOUNT.map(name => '>' + name), '>residual'], [...rows, total].map(cells)));
}

function signals() {
  const rows = data.signals.rows;
  if (rows.length === 0) return body('signals').append(none(data.signals.present ? 'No signal was raised.' : 'None yet: these tables hold no signals.'));
  const detectors = [...new Set(rows.map(row => row[3]))];
  const first = rows.reduce((least, row) => Math.min(least, row[1]), Infinity), span = Math.max(1, rows.reduce((most, row) => Math.max(most, row[2]), 0) - first);
  const height = 28 * detectors.length + 10;
  const about = row => ({section: 'signals', signal: row[0]});
  const listed = rows.slice(0, 50);
  body('signals').append(h('p', null, figure('signals', data.signals.count, {section: 'signals'}), ' signals; ', figure('drawn', rows.length, {section: 'signals'}), ' of them are in the picture, the latest ', figure('listed', listed.length, {section: 'signals'}), ' in the table.'),
    h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Timeline'}, s('svg', {viewBox: '0 0 960 ' + height, width: 960, height, role: 'img', 'aria-label': 'Signals over time; the table below says the same'},
      detectors.map((name, i) => s('text', {x: 0, y: 28 * i + 22, 'data-name': ''}, cut(name))),
      rows.map(row => s('rect', {...exact('end', row[2], about(row)), x: 230 + 700 * (row[1] - first) / span, y: 28 * detectors.indexOf(row[3]) + 8, width: Math.max(4, 700 * (row[2] - row[1]) / span), height: 18, rx: 3, fill: 'var(--warm)', opacity: 0.75}, s('title', null, row[5] + ' ' + row[7]))))),
    list('Signals', ['From (UTC)', 'Detector', 'Severity', 'Entity', 'Peer', 'Explanation'], listed.map(row => [figure('start', row[1], about(row), time(row[1])), ...row.slice(3)])));
}

[header, visibility, locality, matrix, dependencies, talkers, slow, sensors, signals].forEach(section => section());
