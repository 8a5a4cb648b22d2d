using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using Orleans.Storage;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// Fails reads of states that were altered, or copied from another key, and reports them. So does it if the pepper is
/// missing that would show whether the state was. The serializer below verifies the MAC, which covers the id in the
/// state.
/// </summary>
/// <param name="storage">A storage with a <see cref="StateJsonSerializer"/>.</param>
/// <param name="altered">Receives the reports of altered states.</param>
/// <param name="missingPeppers">Receives the reports of missing peppers.</param>
public sealed class AuthenticatedStorage(
    IGrainStorage storage, AlteredStateMonitor altered, MissingPepperMonitor missingPeppers) : IGrainStorage
{
    /// <inheritdoc />
    /// <exception cref="AlteredStateException">The state is not one that the service has written.</exception>
    /// <exception cref="MissingStatePepperException">This is unknown, because a pepper is missing.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = grainId.Key.ToString()!;
        try
        {
            await storage.ReadStateAsync(stateName, grainId, grainState);
            if (grainState is { RecordExists: true, State: SecretHolderState state } && state.Id != key)
                throw new AlteredStateException($"it is that of {state.Id}");
        }
        catch (AlteredStateException exception)
        {
            altered.Report(stateName, key, exception.Reason);
            throw;
        }
        catch (MissingStatePepperException exception)
        {
            missingPeppers.Report(exception.PepperId);
            throw;
        }
    }

    /// <inheritdoc />
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.WriteStateAsync(stateName, grainId, grainState);

    /// <inheritdoc />
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.ClearStateAsync(stateName, grainId, grainState);
}
