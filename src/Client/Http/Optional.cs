using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>A member of an update: not set, which changes nothing, or set to a value, which may be null.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
[JsonConverter(typeof(OptionalConverterFactory))]
public readonly record struct Optional<T>
{
    /// <summary>Sets the member.</summary>
    public Optional(T value) => (IsSet, Value) = (true, value);

    /// <summary>Whether the member is set.</summary>
    public bool IsSet { get; }

    /// <summary>The value; the default of its type if the member is not set.</summary>
    public T Value { get; }

    /// <summary>Sets the member.</summary>
    public static implicit operator Optional<T>(T value) => new(value);
}
