using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Grains.Changes;

/// <summary>Completes the event of a write with its number and with the fields that it changed.</summary>
internal static class EventRecorder
{
    public static TState Record<TState>(TState? before, TState after)
        where TState : SecretHolderState
    {
        // An erasure must not keep what it erases.
        if (after.LastEvent.Type == EventTypes.ProjectErased)
            return after with { LastEvent = after.LastEvent with { Number = before!.LastEvent.Number + 1 } };

        var changes = StateDiff.GetChanges(before is null ? [] : GetFields(before), GetFields(after));
        return after with
        {
            LastEvent = after.LastEvent with
            {
                Number = (before?.LastEvent.Number ?? 0) + 1,
                Changes = changes.Count == 0 ? null : changes,
            },
        };
    }

    public static JsonObject GetFields<TState>(TState state)
        where TState : SecretHolderState =>
        StateDiff.GetFields(JsonSerializer.SerializeToNode(state, StateJson.Options)!.AsObject());
}
