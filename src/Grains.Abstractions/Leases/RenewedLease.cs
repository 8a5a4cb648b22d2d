using Microsoft.Extensions.Logging;

namespace KeysCluster.Leases;

/// <summary>
/// Keeps a lease by renewing it at a third of its length. The holder counts from before it asked and gives up a twentieth,
/// so it stops before the giver's clock says so; a clock of each machine only needs to run at about the right rate.
/// </summary>
internal abstract partial class RenewedLease(TimeProvider time, ILogger logger) : ILease, IDisposable
{
    /// <summary>The share of a lease's length for which its holder trusts it.</summary>
    private const double Trusted = 0.95;

    private readonly CancellationTokenSource _stopping = new();
    private volatile Held? _held;
    private long _epochs;
    private Task _renewing = Task.CompletedTask;

    public event Action? Lost;

    public long Epoch => _held is { } held && IsGood(held) ? held.Epoch : 0;

    /// <summary>Between attempts while the lease cannot be renewed.</summary>
    protected abstract TimeSpan Pause { get; }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Renews the lease once, or acquires one; false when there is none.</summary>
    internal async Task<bool> Renew(CancellationToken cancellationToken)
    {
        var asked = Now();
        try
        {
            if (_held is { } held)
            {
                if (IsGood(held) && await Renew(held.Id, cancellationToken) && IsGood(held))
                {
                    _held = held with { GoodUntil = End(asked, held.Length) };
                    return true;
                }

                await GiveUp(held, cancellationToken);
                asked = Now();
            }

            var id = Guid.NewGuid();
            var length = await Acquire(id, cancellationToken);
            if (length == TimeSpan.Zero) return false;
            _held = new Held(id, ++_epochs, length, End(asked, length));
            LogAcquired(logger, id);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogNotRenewed(logger, exception.Message);
            return false;
        }
    }

    /// <summary>Enters a new lease.</summary>
    /// <returns>Its length; zero when none is given here.</returns>
    protected abstract Task<TimeSpan> Acquire(Guid id, CancellationToken cancellationToken);

    /// <summary>Prolongs a lease; false when it has ended or is broken.</summary>
    protected abstract Task<bool> Renew(Guid id, CancellationToken cancellationToken);

    /// <summary>Removes a lease whose holder has forgotten all that it held under it.</summary>
    protected abstract Task Release(Guid id, CancellationToken cancellationToken);

    protected void BeginRenewing() => _renewing = Task.Run(KeepRenewing, CancellationToken.None);

    /// <summary>Ends the renewing, and gives the lease up so that nobody waits for it.</summary>
    protected async Task Stop(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _renewing;
        if (_held is not { } held) return;
        try
        {
            await GiveUp(held, cancellationToken);
        }
        catch (Exception exception)
        {
            LogNotRenewed(logger, exception.Message);
        }
    }

    private async Task KeepRenewing()
    {
        var isRenewed = _held is not null;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (isRenewed) await Task.Delay(_held!.Length / 3, time, _stopping.Token);
                isRenewed = await Renew(_stopping.Token);
                if (!isRenewed) await Task.Delay(Pause, time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Forgets first and releases afterwards: its row tells the others that something may still be held.</summary>
    private async Task GiveUp(Held held, CancellationToken cancellationToken)
    {
        if (!held.IsForgotten)
        {
            LogLost(logger, held.Id);
            _held = held with { GoodUntil = default, IsForgotten = true };
            Lost?.Invoke();
        }

        await Release(held.Id, cancellationToken);
        _held = null;
    }

    private Instant Now() => new(time.GetTimestamp(), time.GetUtcNow());

    private Instant End(Instant asked, TimeSpan length) => new(
        asked.Timestamp + (long)(length.TotalSeconds * Trusted * time.TimestampFrequency), asked.Utc + length * Trusted);

    /// <summary>By both clocks: the monotonic one may stand still while a machine is suspended, the other may be set.</summary>
    private bool IsGood(Held held) =>
        time.GetTimestamp() < held.GoodUntil.Timestamp && time.GetUtcNow() < held.GoodUntil.Utc;

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "Acquired the lease {Lease}.")]
    private static partial void LogAcquired(ILogger logger, Guid lease);

    [LoggerMessage(EventId = 21, Level = LogLevel.Warning,
        Message = "The lease {Lease} is lost; what was held under it is forgotten, and another one is asked for.")]
    private static partial void LogLost(ILogger logger, Guid lease);

    [LoggerMessage(EventId = 22, Level = LogLevel.Warning,
        Message = "The lease could not be renewed; without it nothing is answered from memory: {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, string reason);

    private readonly record struct Instant(long Timestamp, DateTimeOffset Utc);

    private sealed record Held(Guid Id, long Epoch, TimeSpan Length, Instant GoodUntil)
    {
        public bool IsForgotten { get; init; }
    }
}
