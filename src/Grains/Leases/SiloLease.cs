using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Holds a lease in the <see cref="ILeaseTable"/> and renews it at a third of its length. The holder counts from before
/// it asked and gives up a twentieth, so it stops before the table's clock says so; a clock of each machine only needs to
/// run at about the right rate.
/// </summary>
internal sealed partial class SiloLease(
    ILeaseTable table, ILocalSiloDetails silo, LeaseOptions options, TimeProvider time, ILogger<SiloLease> logger)
    : ISiloLease, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>The share of a lease's length for which its holder trusts it.</summary>
    private const double Trusted = 0.95;

    /// <summary>Between attempts while the lease cannot be renewed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private volatile Held? _held;
    private long _epochs;
    private Task _renewing = Task.CompletedTask;

    public event Action? Lost;

    public long Epoch => _held is { } held && IsGood(held) ? held.Epoch : 0;

    /// <summary>Acquired when the silo becomes active, released when nothing of it runs any more.</summary>
    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<SiloLease>(ServiceLifecycleStage.Active, Start);
        lifecycle.Subscribe<SiloLease>(ServiceLifecycleStage.RuntimeInitialize, _ => Task.CompletedTask, Stop);
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Renews the lease once, or acquires one; false when the table did not answer.</summary>
    internal async Task<bool> Renew(CancellationToken cancellationToken)
    {
        var goodUntil = EndFromNow();
        try
        {
            if (_held is { } held)
            {
                if (IsGood(held) && await table.Renew(held.Id, options.Length, cancellationToken) && IsGood(held))
                {
                    _held = held with { GoodUntil = goodUntil };
                    return true;
                }

                await GiveUp(held, cancellationToken);
                goodUntil = EndFromNow();
            }

            var id = Guid.NewGuid();
            await table.Acquire(id, silo.SiloAddress, options.Length, cancellationToken);
            _held = new Held(id, ++_epochs, goodUntil);
            LogAcquired(logger, id);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogNotRenewed(logger, exception.Message);
            return false;
        }
    }

    private async Task Start(CancellationToken cancellationToken)
    {
        await Renew(cancellationToken);
        _renewing = Task.Run(KeepRenewing, CancellationToken.None);
    }

    private async Task Stop(CancellationToken cancellationToken)
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
                await Task.Delay(isRenewed ? options.Length / 3 : Pause, time, _stopping.Token);
                isRenewed = await Renew(_stopping.Token);
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

        await table.Release(held.Id, cancellationToken);
        _held = null;
    }

    private Instant EndFromNow() => new(
        time.GetTimestamp() + (long)(options.Length.TotalSeconds * Trusted * time.TimestampFrequency),
        time.GetUtcNow() + options.Length * Trusted);

    /// <summary>By both clocks: the monotonic one may stand still while a machine is suspended, the other may be set.</summary>
    private bool IsGood(Held held) =>
        time.GetTimestamp() < held.GoodUntil.Timestamp && time.GetUtcNow() < held.GoodUntil.Utc;

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "Acquired the lease {Lease}.")]
    private static partial void LogAcquired(ILogger logger, Guid lease);

    [LoggerMessage(EventId = 21, Level = LogLevel.Warning,
        Message = "The lease {Lease} is lost; what was held under it is forgotten, and another one is asked for.")]
    private static partial void LogLost(ILogger logger, Guid lease);

    [LoggerMessage(EventId = 22, Level = LogLevel.Warning,
        Message = "The lease could not be renewed; without it validations are refused: {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, string reason);

    private readonly record struct Instant(long Timestamp, DateTimeOffset Utc);

    private sealed record Held(Guid Id, long Epoch, Instant GoodUntil)
    {
        public bool IsForgotten { get; init; }
    }
}
