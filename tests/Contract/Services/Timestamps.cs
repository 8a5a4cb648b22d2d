using System.Globalization;

namespace KeysCluster.Contract.Services;

/// <summary>Instants as the API writes them.</summary>
internal static class Timestamps
{
    public static string FromNow(TimeSpan time) => Format(TimeProvider.System.GetUtcNow() + time);

    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
