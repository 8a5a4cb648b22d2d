using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>The changes that one client of the workload makes.</summary>
internal sealed class WorkloadChanges(RecordingClient client, Workload workload, SeededRandom random)
{
    private const int MaxAttempts = 4;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(100);

    public async Task ChangeAsync(string target, TrackedKey key, CancellationToken stop)
    {
        var retiring = key.Retiring;
        switch (random.NextDouble())
        {
            case < 0.36:
                await RotateAsync(target, key, stop);
                break;
            case < 0.46 when retiring.Count > 0:
                await ValidateAfterAsync(client.ExpireOneAsync(target, key, random.Pick(retiring).Key), key);
                break;
            case < 0.5:
                await ValidateAfterAsync(client.ExpireAllAsync(target, key), key);
                break;
            case < 0.58 when retiring.Count > 0:
                await ChangeDeadlineAsync(target, key, random.Pick(retiring).Key, stop);
                break;
            case < 0.68 when !key.IsProject:
                await UpdateExpiryAsync(target, key, stop);
                break;
            case < 0.78 when !key.IsProject:
                key.HasPermission = !key.HasPermission;
                await ValidateAfterAsync(client.SetPermissionAsync(target, key, key.HasPermission), key);
                break;
            case < 0.95:
                // A disabled key is enabled soon, because verdicts on disabled keys reveal few violations.
                var kind = key.IsDisabled || !random.NextBool(0.5) ? CallKind.Enable : CallKind.Disable;
                key.IsDisabled = kind == CallKind.Disable;
                await ValidateAfterAsync(client.ChangeAsync(kind, target, key), key);
                break;
            case >= 0.95 when !key.IsProject:
                key.IsAbandoned = true;
                await ValidateAfterAsync(client.ChangeAsync(CallKind.Revoke, target, key), key);
                break;
        }
    }

    /// <summary>
    /// Half of the rotations have an idempotency key. They are retried when their outcome is unknown, and sometimes
    /// when it is not, as by a client whose response was lost.
    /// </summary>
    private async Task RotateAsync(string target, TrackedKey key, CancellationToken stop)
    {
        var grace = TimeSpan.FromSeconds(Math.Floor(NextPeriod(canBeZero: true).TotalSeconds));
        var operation = random.NextBool(0.5) ? workload.NewOperation("rotate") : null;
        var change = RotateAsync(target, key, grace, operation);
        await ValidateAfterAsync(change, key);
        foreach (var (secret, deadline) in (await change).View?.Retiring ?? new Dictionary<string, DateTimeOffset>())
            if (random.NextBool(0.3)) workload.WatchDeadline(random, key, secret, deadline, stop);
    }

    private async Task<RecordedCall> RotateAsync(string target, TrackedKey key, TimeSpan grace, string? operation)
    {
        var call = await client.RotateAsync(target, key, grace, operation);
        var maxAttempts = operation is null ? 1 : MaxAttempts;
        var retriesAnyway = random.NextBool(0.2);
        for (var attempt = 1; attempt < maxAttempts && (call.Outcome == Outcome.Unknown || retriesAnyway); attempt++)
        {
            await Task.Delay(RetryDelay, CancellationToken.None);
            retriesAnyway &= call.Outcome != Outcome.Done;
            call = await client.RotateAsync(client.Targets[attempt % client.Targets.Count], key, grace, operation);
        }

        return call;
    }

    private async Task ChangeDeadlineAsync(string target, TrackedKey key, string secret, CancellationToken stop)
    {
        var deadline = NextEnd();
        var change = client.ChangeDeadlineAsync(target, key, secret, deadline);
        await ValidateAfterAsync(change, key);
        if ((await change).Outcome == Outcome.Done) workload.WatchDeadline(random, key, secret, deadline, stop);
    }

    /// <summary>A key that expires is usually given more time soon, so that it stays in use.</summary>
    private async Task UpdateExpiryAsync(string target, TrackedKey key, CancellationToken stop)
    {
        DateTimeOffset? expiry = key.Expires && random.NextBool(0.7) ? null : NextEnd();
        key.Expires = expiry is not null;
        var change = client.UpdateExpiryAsync(target, key, expiry);
        await ValidateAfterAsync(change, key);
        if ((await change).Outcome == Outcome.Done && expiry is { } end)
            workload.WatchDeadline(random, key, key.Secrets[^1].Id, end, stop);
    }

    /// <summary>
    /// Validates a key after a change, and also while a change waits for some cache: an answer of a silo that has not
    /// applied the change yet must not stay in the cache of a front end.
    /// </summary>
    private async Task ValidateAfterAsync(Task<RecordedCall> change, TrackedKey key)
    {
        while (await Task.WhenAny(change, Task.Delay(ProbeInterval)) != change)
        {
            var secret = random.Pick(key.Secrets);
            foreach (var target in client.Targets) _ = workload.ValidateAsync(random, key, secret, target);
        }

        await workload.ValidateEverywhereAsync(random, await change, key);
    }

    /// <summary>The service truncates times to milliseconds.</summary>
    private DateTimeOffset NextEnd()
    {
        var end = TimeProvider.System.GetUtcNow() + NextPeriod(canBeZero: false);
        return new DateTimeOffset(end.Ticks - (end.Ticks % TimeSpan.TicksPerMillisecond), end.Offset);
    }

    /// <summary>
    /// Most periods end while the key is in use. A change with an end after more than three minutes does not wait for
    /// the caches; a long run sees such ends too.
    /// </summary>
    private TimeSpan NextPeriod(bool canBeZero) => random.NextDouble() switch
    {
        < 0.2 => TimeSpan.FromHours(24),
        < 0.65 => random.NextDuration(3, 16),
        < 0.75 => random.NextDuration(16, 120),
        < 0.88 => random.NextDuration(170, 400),
        _ => canBeZero ? TimeSpan.Zero : random.NextDuration(2, 6),
    };
}
