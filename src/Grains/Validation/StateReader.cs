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
    /// <summary>A REST call makes two such reads within its time limit, one for its API key.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SharedReads<string, HeldState<TState>> _reads;
    private readonly HeldStates<TState> _held;
    private readonly IGrainStorage _storage;
    private readonly string _stateName;
    private readonly ILogger _logger;

    public StateReader(
        string stateName,
        HeldStates<TState> held,
        [FromKeyedServices(StorageNames.Reads)] IGrainStorage storage,
        ILogger logger)
    {
        (_stateName, _held, _storage, _logger) = (stateName, held, storage, logger);
        _reads = new(ReadFromStorage);
    }

    /// <summary>
    /// The state by a read that begins after this call. Who has no lease asks nobody: the answer could not be used.
    /// </summary>
    /// <exception cref="StorageUnavailableException">Storage did not answer in time.</exception>
    public async Task<HeldState<TState>> Read(string owner)
    {
        if (!_held.IsOpen) throw new StorageUnavailableException();
        try
        {
            return await _reads.Read(owner).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new StorageUnavailableException();
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
