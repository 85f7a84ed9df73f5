// Drives one Jupyter server in Chromium: node browser.js URL TOKEN NOTEBOOKS EXECUTED SCREENSHOTS step:notebook ...
// A notebook is given by its path on the server; the one of that name in the folder NOTEBOOKS, or for the step "shows" in EXECUTED, is put there first.
// Prints a line for each step that held; ends with status 1 and a sentence at the first that did not.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { chromium } from 'playwright-core';
import { tryDreams, tryPlayers, trySliders } from './live.js';
import { Classic, Lab } from './pages.js';

const [base, token, notebooks, executed, screenshots, ...steps] = process.argv.slice(2);
// An interrupt is answered within a second. A click and a page that draws take their part too, and on a machine that does other work the step
// that is being taken: by the bar's own figure of speed, a few steps are let pass.
const STOPS_WITHIN_MS = 3000;
const STOPS_WITHIN_STEPS = 3;

function require(holds, what) {
  if (!holds) throw new Error(what);
}

const headers = { Authorization: `token ${token}` };

function read(folder, notebook) {
  return JSON.parse(readFileSync(join(folder, basename(notebook))));
}

function cellsOf(content) {
  return content.cells.map(cell => ({ code: cell.cell_type === 'code', source: [].concat(cell.source).join('') }));
}

// Puts a notebook on the server, where pages save over it, and tells its cells.
async function put(notebook, content) {
  const put = await fetch(`${base}/api/contents/${notebook}`,
    { method: 'PUT', headers, body: JSON.stringify({ type: 'notebook', format: 'json', content }) });
  require(put.ok, `The server did not take ${notebook}: ${put.status} ${await put.text()}`);
  return cellsOf(content);
}

// As it was executed from the notebook of today, and trusted as after a run of one's own: pages leave out pictures of others.
function ran(notebook) {
  const content = read(executed, notebook);
  require(JSON.stringify(cellsOf(content)) === JSON.stringify(cellsOf(read(notebooks, notebook))), `${notebook} was executed from another version of it`);
  content.cells.filter(cell => cell.cell_type === 'code').forEach(cell => { cell.metadata.trusted = true; });
  return content;
}

function requireShown(seen, notebook) {
  const images = seen.cells.flatMap(cell => cell.images);
  const tables = seen.cells.flatMap(cell => cell.tables);
  require(images.every(image => image.width > 0 && image.shown > 0), `${notebook}: a picture is not shown: ${JSON.stringify(images)}`);
  require(tables.every(rows => rows > 1), `${notebook}: a table has no rows: ${tables}`);
  require(images.length + tables.length > 0, `${notebook} shows neither picture nor table`);
  require(seen.cells.every(cell => cell.stderr.length === 0), `${notebook} prints to standard error: ${seen.cells.flatMap(c => c.stderr)[0]}`);
  return `${images.length} pictures, ${tables.length} tables`;
}

// One picture of each cell that has a picture or a table.
async function takePictures(page, seen, name) {
  for (const [n, cell] of seen.cells.entries()) {
    if (cell.images.length + cell.tables.length > 0) {
      await page.scrollTo(n);
      await page.screenshot(join(screenshots, `${name}-${String(n + 1).padStart(2, '0')}.png`));
    }
  }
}

const STEPS = {
  // What the notebooks' run has made, as a reader opens it. No cell is run.
  async shows(page, notebook, cells) {
    const codes = cells.filter(cell => cell.code).length;
    await page.goto(notebook);
    const seen = await page.finished(codes, seen => seen.cells.every(cell => cell.images.every(image => image.shown > 0)));
    const shown = requireShown(seen, notebook);
    await takePictures(page, seen, basename(notebook, '.ipynb'));
    return `${codes} cells, ${shown}, ${await tryPlayers(page.page)} players played, ${await tryDreams(page.page)} dreams driven, ${await trySliders(page.page)}`;
  },

  async 'run-all'(page, notebook, cells) {
    const codes = cells.filter(cell => cell.code).length;
    await page.open(notebook, codes);
    await page.runAll();
    const seen = await page.finished(codes);
    const shown = requireShown(seen, notebook);
    return `${codes} cells, ${shown}`;
  },

  // Shift-Enter on each cell, waiting for each; then a restart and all of them again.
  async 'cell-by-cell'(page, notebook, cells) {
    const codes = cells.filter(cell => cell.code).length;
    await page.open(notebook, codes);
    await page.selectFirst();
    let run = 0;
    for (const cell of cells) {
      // After the last cell Shift-Enter would add an empty one.
      await (cell === cells.at(-1) ? page.runInPlace() : page.shiftEnter());
      if (cell.code) {
        const number = String(++run);
        const seen = await page.until(s => s.cells[run - 1].prompt === number && s.idle && s, `The end of cell ${number}`);
        require(seen.cells.every(c => c.errors.length === 0), `${notebook}: cell ${number} shows an error`);
        require(seen.cells.slice(run).every(c => c.prompt === ''), `${notebook}: a cell after ${number} has run`);
      }
    }
    requireShown(await page.look(), notebook);
    await page.restartAndRunAll();
    await page.until(seen => seen.cells.some(cell => cell.prompt === '' || cell.prompt === '*'), 'The restart');
    return `${run} cells one by one, then restarted: ${requireShown(await page.finished(codes), notebook)}`;
  },

  // Trains, sees the bar move, stops, and goes on where it was.
  async interrupt(page, notebook, cells) {
    await page.open(notebook, cells.filter(cell => cell.code).length);
    const last = cells.findIndex(cell => cell.source.includes('experiment.vision('));
    const n = cells.slice(0, last).filter(cell => cell.code).length;
    await page.selectFirst();
    for (let i = 0; i <= last; i++) {
      await page.shiftEnter();
    }
    const steps = bar => Number((/\(([\d,]+) of/.exec(bar)?.[1] ?? '-1').replace(',', ''));
    const isTraining = bar => bar.includes('ConvVAE training') && steps(bar) > 0;
    const moved = async () => {
      const first = (await page.until(seen => isTraining(seen.cells[n].bar) && seen, 'A moving bar')).cells[n].bar;
      const second = (await page.until(seen => isTraining(seen.cells[n].bar) && seen.cells[n].bar !== first && seen, 'A bar that moves on')).cells[n].bar;
      require(steps(second) >= steps(first), `The bar went from "${first}" to "${second}"`);
      return second;
    };
    const stop = async () => {
      const asked = Date.now();
      await page.interrupt();
      await page.until(seen => seen.idle && seen.cells[n].errors.some(e => e.includes('was stopped; run it again to continue')), 'The stop');
      return Date.now() - asked;
    };
    const before = await moved();
    await page.scrollTo(n);
    await page.screenshot(join(screenshots, 'training.png'));
    const took = [await stop()];
    await page.screenshot(join(screenshots, 'interrupted.png'));
    await page.select(n);
    await page.shiftEnter();
    await page.until(seen => seen.cells[n].errors.length === 0, 'The new run');
    const again = await moved();
    require(steps(again) >= steps(before), `It began anew: "${before}", then "${again}"`);
    took.push(await stop());
    const [, count, unit] = /([\d.]+) steps\/(s|min)/.exec(again);
    const limit = STOPS_WITHIN_MS + STOPS_WITHIN_STEPS * (unit === 's' ? 1000 : 60_000) / Number(count);
    require(took.every(ms => ms < limit), `The cell stopped ${took} ms after the click, with "${again}"`);
    return `"${before}" stopped after ${took[0]} ms, went on with "${again}", stopped after ${took[1]} ms`;
  },
};

// Ends the kernels, so that the next step starts its own.
async function endSessions() {
  for (const session of await (await fetch(`${base}/api/sessions`, { headers })).json()) {
    await fetch(`${base}/api/sessions/${session.id}`, { method: 'DELETE', headers });
  }
}

const isLab = (await fetch(`${base}/lab?token=${token}`)).ok;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let status = 0;
for (const step of steps) {
  const [name, notebook] = step.split(':');
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const tab = await context.newPage();
  const page = new (isLab ? Lab : Classic)(tab, base, token);
  const start = Date.now();
  try {
    const line = await STEPS[name](page, notebook, await put(notebook, name === 'shows' ? ran(notebook) : read(notebooks, notebook)));
    console.log(`${isLab ? 'Lab' : 'Classic'}, ${name} ${notebook}: ${line} (${Math.round((Date.now() - start) / 1000)} s)`);
  } catch (error) {
    await tab.screenshot({ path: join(screenshots, 'failed.png') }).catch(() => {});
    console.error(`${isLab ? 'Lab' : 'Classic'}, ${name} ${notebook}: ${error.message}`);
    status = 1;
    break;
  } finally {
    await context.close();
    await endSessions();
  }
}
await browser.close();
process.exit(status);
