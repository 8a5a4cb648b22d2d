using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>
/// Clients that create, rotate, validate, cut, disable, enable and revoke through every node. Each change that was answered
/// is followed at once by validations on all nodes, where a node that has not heard of it would show.
/// </summary>
internal sealed class Workload(RecordingClient client, IReadOnlyList<string> apiKeys, HistoryRunOptions settings)
{
    /// <summary>Few, so that calls meet on the same key.</summary>
    private const int ActiveKeyCount = 24;

    /// <summary>After this many secrets a key is left alone and another one is created.</summary>
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

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        Enumerable.Range(1, settings.Clients).Select(number => Task.Run(() => RunClientAsync(new SeededRandom(settings.Seed + number), stop))));

    private async Task RunClientAsync(SeededRandom dice, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await StepAsync(dice, stop);
            await Task.Delay(dice.NextDuration(0.02, 0.08), CancellationToken.None);
        }
    }

    private async Task StepAsync(SeededRandom dice, CancellationToken stop)
    {
        TrackedKey? key;
        TrackedKey? old;
        lock (_lock)
        {
            _activeKeys.RemoveAll(used => used.IsAbandoned || used.Secrets.Count >= MaxSecretsPerKey);
            key = _activeKeys.Count < ActiveKeyCount ? null : dice.Pick(_activeKeys);
            old = _keys.Count == 0 ? null : _keys[Math.Max(0, _keys.Count - 1 - dice.Next(3 * ActiveKeyCount))];
        }

        var node = dice.Pick(client.Nodes);
        if (key is null)
        {
            await CreateAsync(dice);
            return;
        }

        switch (dice.NextDouble())
        {
            case < 0.68:
                var validation = await client.ValidateAsync(node, key, dice.Pick(key.Secrets));
                if (validation.Outcome == Outcome.Unknown) ProbeUntilAvailable(key, stop);
                break;
            case < 0.78:
                // A key that is left or revoked is not to come back.
                await client.ValidateAsync(node, old!, dice.Pick(old!.Secrets));
                break;
            case < 0.88:
                await RotateAsync(dice, node, key);
                break;
            case < 0.91 when key.Retiring.Count > 0:
                await ValidateEverywhereAfterAsync(client.ExpireOneAsync(node, key, dice.Pick(key.Retiring)), key);
                break;
            case < 0.92:
                await ValidateEverywhereAfterAsync(client.ExpireAllAsync(node, key), key);
                break;
            case < 0.98:
                // Most are enabled again soon: what is disabled for long tells little.
                var kind = key.IsDisabled ? CallKind.Enable : dice.Chance(0.5) ? CallKind.Disable : CallKind.Enable;
                key.IsDisabled = kind == CallKind.Disable;
                await ValidateEverywhereAfterAsync(client.ChangeAsync(kind, node, key), key);
                break;
            case < 0.99:
                await client.ReadAsync(node, key);
                break;
            default:
                key.IsAbandoned = true;
                await ValidateEverywhereAfterAsync(client.ChangeAsync(CallKind.Revoke, node, key), key);
                break;
        }
    }

    /// <summary>
    /// Asks every node for a key that did not answer, until all of them do: so is seen when it answers again.
    /// </summary>
    private void ProbeUntilAvailable(TrackedKey key, CancellationToken stop)
    {
        lock (_lock)
        {
            if (!_probedKeys.Add(key)) return;
        }

        _ = Task.Run(async () =>
        {
            bool isAnswered;
            do
            {
                await Task.Delay(ProbeInterval, CancellationToken.None);
                var calls = await Task.WhenAll(client.Nodes.Select(node => client.ValidateAsync(node, key, key.Secrets[^1])));
                isAnswered = calls.All(call => call.Outcome != Outcome.Unknown);
            }
            while (!isAnswered && !stop.IsCancellationRequested);
            lock (_lock) _probedKeys.Remove(key);
        }, CancellationToken.None);
    }

    private async Task CreateAsync(SeededRandom dice)
    {
        var operation = NewOperation("create");
        var apiKey = dice.Pick(apiKeys);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (call, secret, id) = await client.CreateAsync(dice.Pick(client.Nodes), apiKey, operation);
            if (call.Outcome == Outcome.Refused) return;
            if (call.Outcome != Outcome.Done)
            {
                await Task.Delay(dice.NextDuration(0.2, 1), CancellationToken.None);
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

    /// <summary>Half of the rotations carry an idempotency key, and are sent again when their outcome is unknown.</summary>
    private async Task RotateAsync(SeededRandom dice, string node, TrackedKey key)
    {
        var grace = dice.NextDouble() switch
        {
            < 0.25 => TimeSpan.FromHours(24),
            < 0.75 => TimeSpan.FromSeconds(3 + dice.Next(13)),
            < 0.85 => TimeSpan.FromSeconds(60),
            _ => TimeSpan.Zero,
        };
        var operation = dice.Chance(0.5) ? NewOperation("rotate") : null;
        var call = await client.RotateAsync(node, key, grace, operation);
        for (var attempt = 1; operation is not null && call.Outcome == Outcome.Unknown && attempt < MaxAttempts; attempt++)
        {
            await Task.Delay(dice.NextDuration(0.2, 1), CancellationToken.None);
            call = await client.RotateAsync(dice.Pick(client.Nodes), key, grace, operation);
        }

        await ValidateEverywhereAfterAsync(Task.FromResult(call), key);
    }

    /// <summary>After a change that was answered, the two latest secrets are validated on every node.</summary>
    private async Task ValidateEverywhereAfterAsync(Task<RecordedCall> change, TrackedKey key)
    {
        var call = await change;
        if (call.Outcome != Outcome.Done) return;
        var secrets = key.Secrets;
        var asked = secrets.Where(secret => secret.Id == call.Secret).Concat(secrets.TakeLast(2)).Distinct().ToList();
        await Task.WhenAll(client.Nodes.SelectMany(node => asked.Select(secret => client.ValidateAsync(node, key, secret))));
    }

    private string NewOperation(string name) =>
        $"{name}-{Interlocked.Increment(ref _operations).ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}
