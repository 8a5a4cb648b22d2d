using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Writes a figure with no more digits than it is worth.</summary>
internal sealed class RoundedDoubleConverter : JsonConverter<double>
{
    /// <summary>Three digits that count, or all that stand before the point.</summary>
    public static string Format(double value)
    {
        var decimals = value is 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6);
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteRawValue(Format(value));
}
