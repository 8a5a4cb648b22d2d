using System.Text.Json;
using KeysCluster.Grains.SecretHolders;
using Orleans.Storage;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// Serializes states in their JSON format, with a MAC. The serializer that Orleans provides adds fields and converters
/// of its own, and its options cannot be replaced.
/// </summary>
/// <param name="mac">Adds and verifies the MAC.</param>
public sealed class StateJsonSerializer(StateMac mac) : IGrainStorageSerializer
{
    /// <inheritdoc />
    public BinaryData Serialize<T>(T? input) =>
        new(mac.Add(JsonSerializer.SerializeToUtf8Bytes(input, StateJson.Options)));

    /// <inheritdoc />
    /// <exception cref="AlteredStateException">The state was altered outside the service.</exception>
    /// <exception cref="MissingStatePepperException">This is unknown, because a pepper is missing.</exception>
    public T? Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var state = JsonSerializer.Deserialize<T>(mac.Open(input.ToMemory().Span), StateJson.Options);

        // A build that does not know the MAC keeps that of the state before.
        if (state is SecretHolderState { UnknownMembers: { } unknown }) unknown.Remove(StateMac.Member);
        return state;
    }
}
