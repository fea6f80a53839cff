import { setTimeout as pause } from 'node:timers/promises'
import { startRig, type Rig } from './rig.ts'
import { confirmShown, untilProposed, untilReady, untilEnded, propose, prepare, resolve, switchTo } from './persons.ts'
import { untilRecord } from './journal-file.ts'
const say = (...words: unknown[]) => console.log(...words)
const show = async (rig: Rig) => { const p = await rig.pair(); say('   view:', p.sentence, '| ready', p.ready, '| unknown', p.unknownOutcome, '| truth', rig.active(), '| both', rig.real().bothActive.scans, 'w', rig.truth().writeFrames); return p }
const stories: Record<string, (rig: Rig) => Promise<void>> = {
  async 'A dead, supervisor restarted, override'(rig) {
    await untilReady(rig); await pause(1500)
    await rig.fault('intake.A', 'crash'); await untilProposed(rig)
    await rig.kill9(); await rig.restart(); await pause(2500); await show(rig)
    say(JSON.stringify(await rig.order('pairs/intake/resolve', { way: 'resume', reason: 'x' }, 'sven')))
    await show(rig)
    say(JSON.stringify(await rig.order('switchovers', { pair: 'intake', to: 'B', reason: 'x', overrides: ['sync-before'] }, 'sven')).slice(0, 1500))
  },
  async 'assisted, killed before the promote OPERATE left'(rig) {
    await untilReady(rig); await pause(1500)
    await rig.fault('intake.A', 'crash'); const p = await untilProposed(rig)
    const hit = untilRecord(rig.journal, (l) => l.kind === 'operate-intent', 20000).then(() => rig.kill9())
    await confirmShown(rig, p).catch(() => undefined); await hit
    await rig.restart(); await rig.untilPair('settled', (v) => !v.unknownOutcome); await pause(1000); await show(rig)
    for (const way of ['retry', 'restore', 'adopt']) say(way, JSON.stringify(await rig.order('pairs/intake/resolve', { way, reason: 'x' }, 'sven')).slice(0, 900))
    await pause(1000); await show(rig)
  },
  async 'assisted, killed after the promote OPERATE'(rig) {
    await untilReady(rig); await pause(1500)
    await rig.fault('intake.A', 'crash'); const p = await untilProposed(rig)
    const hit = rig.waitFor('op', () => rig.real().units.B.opcode === 'OPERATE').then(() => rig.kill9())
    await confirmShown(rig, p).catch(() => undefined); await hit
    await rig.restart(); await rig.untilPair('settled', (v) => !v.unknownOutcome); await pause(1000); await show(rig)
    say('adopt', (await resolve(rig, 'adopt').catch((e) => String(e)))); await show(rig)
  },
  async 'acts very late, restored meanwhile'(rig) {
    await untilReady(rig)
    await rig.fault('intake.B', 'acts_late', { ms: 6000, when: { unit: 'intake.A', opcode: 'OPERATE' } })
    const p = await propose(rig, 'B'); await confirmShown(rig, p); await untilEnded(rig, p.id); await pause(1300); await show(rig)
    say('restore', JSON.stringify(await resolve(rig, 'restore').catch((e) => String(e).slice(0, 800))).slice(0, 600)); await show(rig)
    await pause(7000); await show(rig); say(JSON.stringify(rig.real().bothActive))
  },
  async 'suspended while proposed'(rig) {
    const p = await propose(rig, 'B'); rig.service.signal('SIGSTOP'); await pause(4000); rig.service.signal('SIGCONT')
    say(JSON.stringify((await untilEnded(rig, p.id)).text)); await show(rig)
  },
  async 'suspended with the OPERATE intent of the promote'(rig) {
    const p = await propose(rig, 'B')
    const hit = untilRecord(rig.journal, (l) => l.kind === 'operate-intent' && l.data.unit === 'B', 20000).then(() => rig.service.signal('SIGSTOP'))
    await confirmShown(rig, p); await hit; await pause(2500); const w = rig.truth().writeFrames; rig.service.signal('SIGCONT')
    const e = await untilEnded(rig, p.id); say(e.outcome, e.text, 'frames', rig.truth().writeFrames - w); await pause(1500); await show(rig)
    say(JSON.stringify((await rig.order('pairs/intake/resolve', { way: 'retry', reason: 'x' }, 'sven'))).slice(0, 700))
    await pause(10500)
    say('retry later', JSON.stringify(await resolve(rig, 'retry').catch((e) => String(e).slice(0, 500))).slice(0, 300)); await show(rig)
  },
  async 'B network lost when selected for the promote'(rig) {
    await untilReady(rig)
    const f = await rig.fault('intake.B', 'network_loss', { when: { unit: 'intake.B', opcode: 'SELECT' } })
    const p = await propose(rig, 'B'); await confirmShown(rig, p)
    const e = await untilEnded(rig, p.id); say(e.outcome, e.text); await pause(1500); await show(rig)
    say('restore while unknown', JSON.stringify((await rig.order('pairs/intake/resolve', { way: 'restore', reason: 'x' }, 'sven'))).slice(0, 600))
    say('restore attested', JSON.stringify((await rig.order('pairs/intake/resolve', { way: 'restore', reason: 'x', attest: 'looked: B stands still' }, 'sven'))).slice(0, 600))
    await pause(1500); const v = await show(rig)
    if (v.phase === 'proposed') { await confirmShown(rig, await untilProposed(rig), 'sven'); await pause(3000); await show(rig) }
    await rig.plant.clearFault(f); await pause(3000); await show(rig); say(JSON.stringify(rig.real().bothActive))
  },
  async 'A network lost when selected for the demote'(rig) {
    await untilReady(rig)
    const f = await rig.fault('intake.A', 'network_loss', { when: { unit: 'intake.A', opcode: 'SELECT' } })
    const p = await propose(rig, 'B'); await confirmShown(rig, p)
    const e = await untilEnded(rig, p.id); say(e.outcome, e.text); await pause(1500); await show(rig)
    await rig.plant.clearFault(f); await pause(3000); await show(rig); await pause(6000); await show(rig)
    say(JSON.stringify(await resolve(rig, 'adopt').catch((e) => String(e).slice(0, 900))).slice(0, 500)); await show(rig)
  },
  async 'killed twice with an unknown promote, B dead'(rig) {
    const p = await propose(rig, 'B')
    const hit = rig.waitFor('op', () => rig.real().units.B.opcode === 'OPERATE').then(() => rig.kill9())
    await confirmShown(rig, p).catch(() => undefined); await hit
    await rig.fault('intake.B', 'crash')
    await rig.restart(); await pause(1500); await show(rig); await rig.kill9(); await rig.restart(); await pause(8000); await show(rig)
    for (const way of ['retry', 'restore', 'adopt']) say(way, JSON.stringify(await rig.order('pairs/intake/resolve', { way, reason: 'x' }, 'sven')).slice(0, 700))
    say('attested', JSON.stringify(await rig.order('pairs/intake/resolve', { way: 'restore', reason: 'x', attest: 'B is off' }, 'sven')).slice(0, 1200))
    await pause(1500); await show(rig)
  },
}
const wanted = process.argv.slice(2)
await Promise.all(Object.entries(stories).filter(([name]) => wanted.length === 0 || wanted.some((w) => name.includes(w))).map(async ([name, story]) => {
  const rig = await startRig(); const log: string[] = []
  const own = console.log
  try { await story(rig) } catch (e) { say('FAILED', name, String(e).slice(0, 1500)) } finally { await rig.stop() }
}))
