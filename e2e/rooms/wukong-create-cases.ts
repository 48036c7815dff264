import assert from 'node:assert/strict';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { bringWukong, WUKONG_API } from '../harness/wukong.ts';
import type { RoomFixture } from './room-fixture.ts';
import { assertInvalid, makerIn, seedBody, type Maker } from './vm-maker.ts';

const RUN_MS = 120_000;
const CASE_MS = 180_000;
const KEY = `ssh-ed25519 ${'A'.repeat(68)} ada@example`;
const body = (name: string, more: Wire = {}): Wire => ({
  ...seedBody(name),
  owner: 'wukong',
  cloudInit: { users: [{ name: 'ada', sshKeys: [KEY] }] },
  ...more,
});

/** Machines made through Wukongs; on a real cluster there is nobody who acts on them. */
export function wukongCreateCases(fixture: RoomFixture): void {
  const { target, person } = fixture;
  const items = async (path: string): Promise<Wire[]> => (await target.admin.get(path)).body.items as Wire[];
  const wukongsOf = ({ namespace }: Maker): Promise<Wire[]> =>
    items(`${WUKONG_API}/namespaces/${namespace}/wukongs`);
  const keySecretsOf = async ({ namespace }: Maker): Promise<Wire[]> =>
    (await items(`/api/v1/namespaces/${namespace}/secrets`)).filter(({ metadata }) =>
      /-ssh-keys-/.test(metadata.name as string),
    );

  cases(
    'machines made through Wukongs',
    target,
    (it) => {
      it('[VC14] a dry run shows the Wukong and makes nothing; what it cannot say is refused by its field', async () => {
        const by = await makerIn(fixture, 'wk-dry');
        const dry = await by.create(body('dry'), { dryRun: true });
        assert.equal(dry.status, 200, dry.text);
        assert.deepEqual(
          [dry.body.accepted, (dry.body.objects as Wire[]).map(({ kind }) => kind as string)],
          [true, ['Secret', 'Wukong']],
          dry.text,
        );
        const [, { yaml }] = dry.body.objects as [Wire, Wire];
        assert.match(yaml as string, /^apiVersion: vm\.novasphere\.dev\/v1alpha1\nkind: Wukong\n/);
        assert.match(yaml as string, /osImage: local\/guest:1/);
        assertInvalid(await by.create(body('dry', { firmware: 'efi' })), 'firmware');
        const told = { cloudInit: { users: [{ name: 'ada', password: 'open sesame' }] } };
        const refused = await by.create(body('dry', told));
        assertInvalid(refused, 'cloudInit.users.0.password');
        assert.doesNotMatch(refused.text, /sesame/);
        assert.deepEqual([await wukongsOf(by), await keySecretsOf(by)], [[], []]);
        assert.equal(
          (await by.who.api.get('/api/vm-options', { namespace: by.namespace })).body.wukong,
          true,
        );
      });

      it(
        '[VC14, VK8] made, the Wukong owns what it needs, and its operator makes the machine',
        async () => {
          const by = await makerIn(fixture, 'wk-made');
          const made = await by.create(body('web', { runStrategy: 'Always' }));
          assert.equal(made.status, 201, made.text);
          assert.deepEqual([made.body.success, made.body.name], [true, 'web-vm']);
          const [found] = await wukongsOf(by);
          const [secret] = await keySecretsOf(by);
          assert.equal(found!.metadata.uid, made.body.id);
          const { cpu, memory, osImage, sshKeySecret, startStrategy } = found!.spec as Wire;
          assert.deepEqual([cpu, memory, osImage], [1, '64Mi', 'local/guest:1']);
          assert.equal(sshKeySecret, secret!.metadata.name);
          assert.deepEqual(startStrategy, { runStrategy: 'Always', autoStart: true });
          assert.deepEqual(
            (secret!.metadata.ownerReferences as Wire[]).map(({ kind, name }) => [kind, name] as const),
            [['Wukong', 'web']],
          );
          const task = `/api/tasks/${made.body.task.id as string}`;
          if (target.kind === 'cluster') {
            const waiting = await pollUntil(
              'the task to miss the operator',
              async () => {
                const { body: told } = await by.who.api.get(task);
                return /is its operator running/.test(told.message as string) && told;
              },
              { deadlineMs: RUN_MS },
            );
            assert.equal(waiting.state, 'accepted');
            return;
          }
          await pollUntil(
            'the machine to be as wanted',
            async () => (await by.who.api.get(task)).body.state === 'observed',
            { deadlineMs: RUN_MS },
          );
          const { body: vm } = await by.who.api.get('/api/vms/web', { namespace: by.namespace });
          assert.deepEqual([vm.name, vm.wukong, vm.status], ['web-vm', 'web', 'Running']);
        },
        { deadlineMs: CASE_MS },
      );

      it('[VC14] what is refused leaves nothing: a name that is taken, a right that is missing', async () => {
        const by = await makerIn(fixture, 'wk-half');
        const halted = { runStrategy: 'Halted' };
        assert.equal((await by.create(body('one', halted))).status, 201);
        const before = (await keySecretsOf(by)).length;
        const again = await by.create(body('one', halted));
        // Its machine is there already, or, where no operator is, the Wukong alone.
        assert.ok([409, 422].includes(again.status), again.text);
        const blind = await person('no-wukongs');
        const role = await blind.role([
          { apiGroups: [''], resources: ['secrets'], verbs: ['create', 'patch', 'delete', 'get', 'list'] },
          { apiGroups: ['kubevirt.io'], resources: ['*'], verbs: ['*'] },
        ]);
        await blind.grant(role, by.namespace);
        const { namespace } = by;
        await pollUntil(
          'the right',
          async () => (await blind.api.get('/api/vms', { namespace })).status === 200,
        );
        const refused = await blind.api.post('/api/vms', body('two'), { namespace });
        assert.deepEqual([refused.status, refused.body.reason], [403, 'Forbidden'], refused.text);
        assert.match(refused.body.message as string, /wukongs/);
        assert.equal((await blind.api.get('/api/vm-options', { namespace })).body.wukong, false);
        assert.deepEqual([(await keySecretsOf(by)).length, (await wukongsOf(by)).length], [before, 1]);
      });
    },
    { before: () => bringWukong(target) },
  );
}
