using KeysCluster.Grains.Storage;
using KeysCluster.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace KeysCluster.Grains.Validation;

/// <summary>Reads states past their grains, so that a validation does not depend on the silo that a grain lives on.</summary>
internal sealed class StateReader<TState>
    where TState : class, IRevised
{
    /// <summary>
    /// How many owners that this silo has no memory of may be waiting at once; the others may be as many more. Before the
    /// last of them has waited too long, a database has 9 ms for each.
    /// </summary>
    public const int MostStrangers = 1024;

    /// <summary>Callers that wait, at about 1 KB each. It takes so many only when storage hangs.</summary>
    public const int MostCallers = 50_000;

    private readonly SharedReads<string, HeldState<TState>> _reads;
    private readonly HeldStates<TState> _held;
    private readonly IGrainStorage _storage;
    private readonly ReadTurns _turns;
    private readonly string _stateName;
    private readonly ILogger _logger;

    private int _callers;

    public StateReader(
        string stateName,
        HeldStates<TState> held,
        ReadTurns turns,
        [FromKeyedServices(StorageNames.Reads)] IGrainStorage storage,
        ILogger logger)
    {
        (_stateName, _held, _turns, _storage, _logger) = (stateName, held, turns, storage, logger);
        _reads = new(owner => _turns.Run(_held.Knows(owner), () => ReadFromStorage(owner)));
    }

    /// <summary>A REST call makes two such reads within its time limit, one for its API key.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many owners are being read, or wait for it.</summary>
    public int Waiting => _reads.Count;

    /// <summary>
    /// The state by a read that begins after this call; null when storage does not answer in time, when too many wait
    /// already, or without a lease: then the answer could not be used. A flood is refused without a queue or an exception.
    /// </summary>
    public async ValueTask<HeldState<TState>?> Read(string owner)
    {
        if (!_held.IsOpen) return null;
        try
        {
            if (Interlocked.Increment(ref _callers) > MostCallers) return null;
            var most = _held.Knows(owner) ? 2 * MostStrangers : MostStrangers;
            return _reads.TryRead(owner, most) is { } read ? await read.WaitAsync(Patience) : null;
        }
        catch (Exception exception) when (exception is TimeoutException or StorageUnavailableException)
        {
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _callers);
        }
    }

    private async Task<HeldState<TState>> ReadFromStorage(string owner)
    {
        using var pending = _held.Begin(owner);
        var row = new GrainState<TState>();
        await StorageReads.Run(_logger, _stateName, async () =>
        {
            await _storage.ReadStateAsync(_stateName, GrainId.Create(_held.GrainType, IdSpan.Create(owner)), row);
            return row;
        });
        return pending.Complete(row.RecordExists ? row.State : null);
    }
}
