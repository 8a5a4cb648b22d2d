using System.Globalization;

namespace KeysCluster.Contract.Services;

/// <summary>Instants as the API writes them.</summary>
internal static class Instants
{
    public static string FromNow(TimeSpan time) => Text(TimeProvider.System.GetUtcNow() + time);

    public static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
