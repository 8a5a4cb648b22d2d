namespace KeysCluster.Leases;

/// <summary>A change in the event log, as far as caches need it.</summary>
/// <param name="Owner">The grain of the changed key or project.</param>
/// <param name="Revision">The revision after the change.</param>
/// <param name="Transaction">The id of the transaction that committed the change.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.LogEvent")]
public readonly record struct LogEvent(
    [property: Id(0)] GrainId Owner,
    [property: Id(1)] long Revision,
    [property: Id(2)] ulong Transaction);
