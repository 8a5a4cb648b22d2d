using System.Globalization;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>
/// Clients that call all operations through all silos and front ends. After each acknowledged change, the affected
/// secrets are validated through each of them, to find one that has a stale cache.
/// </summary>
internal sealed class Workload(RecordingClient client, IReadOnlyList<string> apiKeys, HistoryRunOptions options)
{
    /// <summary>A low number, so that several clients change the same key at the same time.</summary>
    private const int ActiveKeyCount = 24;

    /// <summary>A key with this many secrets is abandoned and replaced by a new one.</summary>
    private const int MaxSecretsPerKey = 20;

    private const int MaxAttempts = 4;

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(250);

    private readonly List<TrackedKey> _keys = [];
    private readonly List<TrackedKey> _activeKeys = [];
    private readonly HashSet<TrackedKey> _probedKeys = [];
    private readonly Lock _lock = new();
    private int _operations;

    public IReadOnlyList<TrackedKey> Keys
    {
        get
        {
            lock (_lock) return [.. _keys];
        }
    }

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(1, options.Clients).Select(
        number => Task.Run(() => RunClientAsync(new SeededRandom(options.Seed + number), stop))));

    private async Task RunClientAsync(SeededRandom random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await StepAsync(random, stop);
            await Task.Delay(random.NextDuration(0.02, 0.08), CancellationToken.None);
        }
    }

    private async Task StepAsync(SeededRandom random, CancellationToken stop)
    {
        TrackedKey? key;
        TrackedKey? recent;
        lock (_lock)
        {
            _activeKeys.RemoveAll(active => active.IsAbandoned || active.Secrets.Count >= MaxSecretsPerKey);
            key = _activeKeys.Count < ActiveKeyCount ? null : random.Pick(_activeKeys);
            recent = _keys.Count == 0 ? null : _keys[Math.Max(0, _keys.Count - 1 - random.Next(3 * ActiveKeyCount))];
        }

        var target = random.Pick(client.Targets);
        if (key is null)
        {
            await CreateAsync(random);
            return;
        }

        switch (random.NextDouble())
        {
            case < 0.68:
                var validation = await client.ValidateAsync(target, key, random.Pick(key.Secrets));
                if (validation.Outcome == Outcome.Unknown) ProbeUntilAvailable(key, stop);
                break;
            case < 0.78:
                // Possibly an abandoned or revoked key, which must not become valid again.
                await client.ValidateAsync(target, recent!, random.Pick(recent!.Secrets));
                break;
            case < 0.88:
                await RotateAsync(random, target, key);
                break;
            case < 0.91 when key.Retiring.Count > 0:
                await ValidateEverywhereAfterAsync(client.ExpireOneAsync(target, key, random.Pick(key.Retiring)), key);
                break;
            case < 0.92:
                await ValidateEverywhereAfterAsync(client.ExpireAllAsync(target, key), key);
                break;
            case < 0.98:
                // A disabled key is enabled soon, because verdicts on disabled keys reveal few violations.
                var kind = key.IsDisabled || !random.NextBool(0.5) ? CallKind.Enable : CallKind.Disable;
                key.IsDisabled = kind == CallKind.Disable;
                await ValidateEverywhereAfterAsync(client.ChangeAsync(kind, target, key), key);
                break;
            case < 0.99:
                await client.ReadAsync(target, key);
                break;
            default:
                key.IsAbandoned = true;
                await ValidateEverywhereAfterAsync(client.ChangeAsync(CallKind.Revoke, target, key), key);
                break;
        }
    }

    /// <summary>
    /// Validates a key through every silo and front end repeatedly, until all respond. The history then contains the
    /// end of the outage.
    /// </summary>
    private void ProbeUntilAvailable(TrackedKey key, CancellationToken stop)
    {
        lock (_lock)
        {
            if (!_probedKeys.Add(key)) return;
        }

        _ = Task.Run(async () =>
        {
            bool isAvailable;
            do
            {
                await Task.Delay(ProbeInterval, CancellationToken.None);
                var calls = await Task.WhenAll(
                    client.Targets.Select(target => client.ValidateAsync(target, key, key.Secrets[^1])));
                isAvailable = calls.All(call => call.Outcome != Outcome.Unknown);
            }
            while (!isAvailable && !stop.IsCancellationRequested);
            lock (_lock) _probedKeys.Remove(key);
        }, CancellationToken.None);
    }

    private async Task CreateAsync(SeededRandom random)
    {
        var operation = NewOperation("create");
        var apiKey = random.Pick(apiKeys);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (call, secret, id) = await client.CreateAsync(random.Pick(client.Targets), apiKey, operation);
            if (call.Outcome == Outcome.Refused) return;
            if (call.Outcome != Outcome.Done)
            {
                await Task.Delay(random.NextDuration(0.2, 1), CancellationToken.None);
                continue;
            }

            var key = new TrackedKey(id!, apiKey);
            key.AddSecret(call.View!.Secret, secret!, []);
            lock (_lock)
            {
                _keys.Add(key);
                _activeKeys.Add(key);
            }

            return;
        }
    }

    /// <summary>Half of the rotations have an idempotency key, and are retried when their outcome is unknown.</summary>
    private async Task RotateAsync(SeededRandom random, string target, TrackedKey key)
    {
        var grace = random.NextDouble() switch
        {
            < 0.25 => TimeSpan.FromHours(24),
            < 0.75 => TimeSpan.FromSeconds(3 + random.Next(13)),
            < 0.85 => TimeSpan.FromSeconds(60),
            _ => TimeSpan.Zero,
        };
        var operation = random.NextBool(0.5) ? NewOperation("rotate") : null;
        var call = await client.RotateAsync(target, key, grace, operation);
        var maxAttempts = operation is null ? 1 : MaxAttempts;
        for (var attempt = 1; attempt < maxAttempts && call.Outcome == Outcome.Unknown; attempt++)
        {
            await Task.Delay(random.NextDuration(0.2, 1), CancellationToken.None);
            call = await client.RotateAsync(random.Pick(client.Targets), key, grace, operation);
        }

        await ValidateEverywhereAfterAsync(Task.FromResult(call), key);
    }

    /// <summary>
    /// Validates the changed secret and the two newest ones through every silo and front end, if a change is
    /// acknowledged.
    /// </summary>
    private async Task ValidateEverywhereAfterAsync(Task<RecordedCall> change, TrackedKey key)
    {
        var call = await change;
        if (call.Outcome != Outcome.Done) return;
        var all = key.Secrets;
        var secrets = all.Where(secret => secret.Id == call.Secret).Concat(all.TakeLast(2)).Distinct().ToList();
        await Task.WhenAll(client.Targets.SelectMany(
            target => secrets.Select(secret => client.ValidateAsync(target, key, secret))));
    }

    private string NewOperation(string name) =>
        $"{name}-{Interlocked.Increment(ref _operations).ToString(CultureInfo.InvariantCulture)}";
}
