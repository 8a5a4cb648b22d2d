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

    /// <summary>The number of projects whose API keys are rotated.</summary>
    private const int ActiveProjectCount = 3;

    /// <summary>A key with this many secrets is abandoned and replaced by a new one.</summary>
    private const int MaxSecretsPerKey = 20;

    private const int MaxAttempts = 4;

    /// <summary>The share of validations that do not pass REST.</summary>
    private const double InProcessProbability = 0.3;

    /// <summary>The share of reads after a change.</summary>
    private const double ReadProbability = 0.25;

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
        var changes = new WorkloadChanges(client, this, random);
        while (!stop.IsCancellationRequested)
        {
            await StepAsync(changes, random, stop);
            await Task.Delay(random.NextDuration(0.02, 0.08), CancellationToken.None);
        }
    }

    private async Task StepAsync(WorkloadChanges changes, SeededRandom random, CancellationToken stop)
    {
        var isProject = random.NextBool(0.05);
        var target = random.Pick(client.Targets);
        if (PickActive(random, isProject) is not { } key)
        {
            await CreateAsync(random, isProject);
            return;
        }

        switch (random.NextDouble())
        {
            case < 0.62:
                var validation = await ValidateAsync(random, key, random.Pick(key.Secrets));
                if (validation.Outcome == Outcome.Unknown) ProbeUntilAvailable(key, stop);
                break;
            case < 0.71:
                // Possibly an abandoned or revoked key, which must not become valid again.
                var recent = PickRecent(random);
                await ValidateAsync(random, recent, random.Pick(recent.Secrets));
                break;
            case < 0.74:
                await client.ReadAsync(target, key);
                break;
            case < 0.75 when !key.IsProject:
                await ListAsync(random, target, key);
                break;
            default:
                await changes.ChangeAsync(target, key, stop);
                break;
        }
    }

    /// <summary>
    /// Validates the changed secret and the two newest ones through every silo and front end, and reads the key through
    /// some, if a change is acknowledged.
    /// </summary>
    public async Task ValidateEverywhereAsync(SeededRandom random, RecordedCall change, TrackedKey key)
    {
        if (change.Outcome != Outcome.Done) return;
        var all = key.Secrets;
        var secrets = all.Where(secret => secret.Id == change.Secret).Concat(all.TakeLast(2)).Distinct().ToList();
        await Task.WhenAll(client.Targets.SelectMany(
            target => secrets.Select(secret => ValidateAsync(random, key, secret, target))
                .Append(ReadSometimesAsync(random, key, target))));
    }

    /// <summary>Validates a secret before and after its deadline, through a target that may have cached it.</summary>
    public void WatchDeadline(
        SeededRandom random, TrackedKey key, string secretId, DateTimeOffset deadline, CancellationToken stop)
    {
        if (key.Secrets.FirstOrDefault(secret => secret.Id == secretId) is not { Text: not null } secret) return;
        var target = random.Pick(client.Targets);
        var before = random.NextDuration(0.01, 0.5);
        var delay = deadline - before - TimeProvider.System.GetUtcNow();
        if (delay <= TimeSpan.Zero || delay > options.Duration) return;
        _ = Task.Run(
            async () =>
            {
                await Task.Delay(delay, stop);
                await client.ValidateAsync(target, key, secret);
                await Task.Delay(before, stop);
                await client.ValidateAsync(target, key, secret);
            },
            stop);
    }

    public string NewOperation(string name) =>
        $"{name}-of-the-workload-{Interlocked.Increment(ref _operations).ToString(CultureInfo.InvariantCulture)}";

    private TrackedKey? PickActive(SeededRandom random, bool isProject)
    {
        lock (_lock)
        {
            _activeKeys.RemoveAll(active => active.IsAbandoned || active.Secrets.Count >= MaxSecretsPerKey);
            var active = _activeKeys.FindAll(key => key.IsProject == isProject);
            var count = isProject ? ActiveProjectCount : ActiveKeyCount;
            return active.Count < count ? null : random.Pick(active);
        }
    }

    private TrackedKey PickRecent(SeededRandom random)
    {
        lock (_lock) return _keys[Math.Max(0, _keys.Count - 1 - random.Next(3 * ActiveKeyCount))];
    }

    private Task<RecordedCall> ValidateAsync(
        SeededRandom random, TrackedKey key, (string Id, string Text) secret, string? target = null)
    {
        var isInProcess = !key.IsProject && random.NextBool(InProcessProbability);
        target ??= random.Pick(client.Targets);
        return isInProcess && client.ValidatorTargets.Contains(target)
            ? client.ValidateInProcessAsync(target, key, secret)
            : client.ValidateAsync(target, key, secret);
    }

    private Task<RecordedCall> ReadSometimesAsync(SeededRandom random, TrackedKey key, string target)
    {
        var reads = random.NextBool(ReadProbability);
        return reads ? client.ReadAsync(target, key) : ValidateAsync(random, key, key.Secrets[^1], target);
    }

    private Task ListAsync(SeededRandom random, string target, TrackedKey key)
    {
        List<TrackedKey> keys;
        lock (_lock) keys = _keys.FindAll(other => other.ApiKey == key.ApiKey);
        return client.ListAsync(target, key.ApiKey, keys, limit: 1 + random.Next(50));
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

    private async Task CreateAsync(SeededRandom random, bool isProject)
    {
        var operation = NewOperation(isProject ? "project" : "create");
        var apiKey = isProject ? "" : random.Pick(apiKeys);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var target = random.Pick(client.Targets);
            var (call, secret) = isProject
                ? await client.CreateProjectAsync(target, operation)
                : await client.CreateAsync(target, apiKey, operation);
            if (call.Outcome == Outcome.Refused) return;
            if (call.Outcome != Outcome.Done)
            {
                await Task.Delay(random.NextDuration(0.2, 1), CancellationToken.None);
                continue;
            }

            var key = new TrackedKey(call.Key, apiKey, call.View!.CreatedAt, isProject);
            key.AddSecret(call.IssuedSecret!, secret!, call.View.Retiring);
            lock (_lock)
            {
                _keys.Add(key);
                _activeKeys.Add(key);
            }

            return;
        }
    }
}
