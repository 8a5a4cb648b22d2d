using System.Globalization;
using System.Text;

namespace KeysCluster.Client;

/// <summary>The parameters of a request. Those that are null are left out.</summary>
internal sealed class QueryString
{
    private readonly StringBuilder _text = new();

    public QueryString Add(string name, string? value)
    {
        if (value is null) return this;
        _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public QueryString Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryString Add(string name, DateTimeOffset? value) => Add(name, value is { } time ? Format(time) : null);

    public QueryString Add<T>(string name, T? value)
        where T : struct, Enum =>
        Add(name, value is { } known ? KnownValueConverter<T>.Format(known) : null);

    public override string ToString() => _text.ToString();

    private static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
