using Orleans.Storage;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// Serializes states in their JSON format. The serializer that Orleans provides adds fields and converters of its own,
/// and its options cannot be replaced.
/// </summary>
public sealed class StateJsonSerializer : IGrainStorageSerializer
{
    /// <inheritdoc />
    public BinaryData Serialize<T>(T? input) => BinaryData.FromObjectAsJson(input, StateJson.Options);

    /// <inheritdoc />
    public T? Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.ToObjectFromJson<T>(StateJson.Options);
    }
}
