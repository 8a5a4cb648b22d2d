using System.Text.Json;
using KeysCluster.Grains.SecretHolders;

namespace KeysCluster.Grains.Storage;

/// <summary>A state in a list.</summary>
/// <param name="Position">Its position.</param>
/// <param name="Json">The state as it is stored.</param>
public readonly record struct IndexedState(IndexPosition Position, byte[] Json)
{
    /// <summary>
    /// Reads the state and converts it; null when it is not the state of its id, or contains something like an id that
    /// is none, such as after a change by hand.
    /// </summary>
    internal TItem? TryRead<TState, TItem>(Func<TState, TItem> convert)
        where TState : SecretHolderState
        where TItem : class
    {
        try
        {
            return JsonSerializer.Deserialize<TState>(Json, StateJson.Options) is { } state && state.Id == Position.Id
                ? convert(state)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
