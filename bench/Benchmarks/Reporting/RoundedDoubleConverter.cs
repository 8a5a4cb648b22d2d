using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Writes figures with a precision that fits the measurement.</summary>
internal sealed class RoundedDoubleConverter : JsonConverter<double>
{
    /// <summary>Formats a value with three significant digits, or with all digits of its integer part.</summary>
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
