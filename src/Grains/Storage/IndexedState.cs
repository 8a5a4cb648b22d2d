using System.Text.Json;

namespace KeysCluster.Grains.Storage;

/// <summary>A state in a list.</summary>
/// <param name="Position">Its position.</param>
/// <param name="Json">The state as it is stored.</param>
public readonly record struct IndexedState(IndexPosition Position, byte[] Json)
{
    /// <summary>Reads the state; null when it is not a state, such as after a change by hand.</summary>
    internal TState? TryRead<TState>()
        where TState : class
    {
        try
        {
            return JsonSerializer.Deserialize<TState>(Json, StateJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
