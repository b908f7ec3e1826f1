// Runs the demo, a real Prometheus with the rules, and a real browser, and takes a picture of each dashboard, light and dark. It fails when a
// panel shows an error or nothing, or when the page has something to complain about.
//
//   node screenshots.mjs EXPORTER FOLDER
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [exporter, folder] = process.argv.slice(2);
if (!exporter || !folder) {
  throw new Error('usage: node screenshots.mjs EXPORTER FOLDER');
}
const width = 1280;
const minutes = 3;
const patience = 120_000;
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'errcode_exporter-screenshots-'));
const running = [];

// until waits for an event.
async function until(event, happened) {
  for (const deadline = Date.now() + patience * 3; ; ) {
    const result = await happened();
    if (result) {
      return result;
    }
    if (Date.now() > deadline) {
      throw new Error(`waited in vain for: ${event}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

// start runs a program and waits until it says where it listens.
async function start(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  running.push(child);
  let said = '';
  child.stderr.on('data', (data) => (said += data));
  const address = await until(`${command} listens`, () => {
    if (child.exitCode !== null) {
      throw new Error(`${command} ended: ${said}`);
    }
    return said.match(/msg="Listening on" address=(127\.0\.0\.1:\d+)/)?.[1];
  });
  return address;
}

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' };

// serve gives the page, the committed dashboards, and Prometheus under one address.
function serve(prometheus) {
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://page');
    if (url.pathname.startsWith('/api/')) {
      http.get(`http://${prometheus}${request.url}`, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      return;
    }
    const file = url.pathname.startsWith('/dashboards/') ? path.join('..', 'grafana', url.pathname) : path.join('dist', url.pathname === '/' ? 'index.html' : url.pathname);
    fs.readFile(file, (error, data) => {
      response.writeHead(error ? 404 : 200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' });
      response.end(error ? '' : data);
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function shoot(browser, page, name, theme) {
  const tab = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints = [];
  tab.on('pageerror', (error) => complaints.push(String(error)));
  await tab.goto(`${page}/?dashboard=${name}&theme=${theme}&minutes=${minutes}`);
  const expected = JSON.parse(fs.readFileSync(path.join('..', 'grafana', 'dashboards', `${name}.json`))).panels.length;
  await tab.waitForFunction(
    (n) => document.body.dataset.failed || (document.querySelectorAll('[data-panel]').length === n && !document.querySelector('[data-state=loading]')),
    expected, { timeout: patience },
  ).catch((error) => complaints.push(String(error)));
  const panels = await tab.$$eval('[data-panel]', (all) => all.map((p) => ({ title: p.dataset.panel, state: p.dataset.state, error: p.dataset.error, text: p.innerText })));
  const failed = await tab.evaluate(() => document.body.dataset.failed);
  if (failed) {
    complaints.push(failed);
  }
  for (const p of panels) {
    if (p.state !== 'data' || p.text.includes('No data')) {
      complaints.push(`${p.title}: ${p.state} ${p.error ?? ''}`);
    }
  }
  // Nothing may be wider than the page.
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
  if (wide > width) {
    complaints.push(`the page is ${wide} pixels wide`);
  }
  await tab.screenshot({ path: path.join(folder, `${name}-${theme}.png`), fullPage: true, animations: 'disabled' });
  await tab.close();
  if (complaints.length) {
    throw new Error(`${name}, ${theme}:\n  ${complaints.join('\n  ')}`);
  }
  console.log(`${name}, ${theme}: ${panels.length} panels with data`);
}

let browser;
let server;
try {
  const demo = await start(exporter, ['demo', '--web.listen-address=127.0.0.1:0', '--demo.lines=40', '--demo.rotate=15s']);
  const config = path.join(temporary, 'prometheus.yml');
  const rules = path.resolve('..', 'prometheus', 'rules.yml');
  fs.writeFileSync(config, `global: {scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 2s}
rule_files: ["${rules}"]
scrape_configs: [{job_name: demo, static_configs: [{targets: ["${demo}"], labels: {instance: "demo:14006"}}]}]
`);
  const prometheus = await start('prometheus', [`--config.file=${config}`, `--storage.tsdb.path=${path.join(temporary, 'data')}`, '--web.listen-address=127.0.0.1:0', '--enable-feature=exemplar-storage']);
  console.log(`the demo writes for ${minutes} minutes`);
  await until('enough has been scraped', async () => {
    const answer = await fetch(`http://${prometheus}/api/v1/query?query=${encodeURIComponent('count_over_time(up[1h])')}`);
    const body = await answer.json().catch(() => undefined);
    return Number(body?.data?.result?.[0]?.value?.[1] ?? 0) >= minutes * 30;
  });
  server = await serve(prometheus);
  fs.mkdirSync(folder, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'] });
  const page = `http://127.0.0.1:${server.address().port}`;
  for (const name of ['triage', 'codes', 'exporter']) {
    for (const theme of ['dark', 'light']) {
      await shoot(browser, page, name, theme);
    }
  }
} finally {
  await browser?.close();
  server?.close();
  server?.closeAllConnections();
  await Promise.all(running.map((child) => new Promise((resolve) => {
    if (child.exitCode !== null) {
      resolve();
    }
    child.on('exit', resolve);
    child.kill('SIGINT');
  })));
  fs.rmSync(temporary, { recursive: true, force: true });
}
