namespace KeysCluster.Grains.Storage;

/// <summary>A state that is not stored yet.</summary>
/// <param name="Grain">The grain of the state, which no call has activated.</param>
/// <param name="Payload">The state in its stored form, with its MAC.</param>
public readonly record struct NewState(GrainId Grain, ReadOnlyMemory<byte> Payload);
