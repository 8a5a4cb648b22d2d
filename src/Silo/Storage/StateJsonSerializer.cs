using KeysCluster.Grains.Storage;
using Orleans.Storage;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Writes states as <see cref="StateJson"/> says, and nothing else: the serializer that Orleans brings adds fields and
/// converters of its own, and its options cannot be replaced.
/// </summary>
internal sealed class StateJsonSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => BinaryData.FromObjectAsJson(input, StateJson.Options);

    public T? Deserialize<T>(BinaryData input) => input.ToObjectFromJson<T>(StateJson.Options);
}
