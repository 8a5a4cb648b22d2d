using System.Runtime.CompilerServices;

namespace KeysCluster.Client;

/// <summary>Reads the pages of a list one after the other.</summary>
internal static class PageReader
{
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        Func<string?, CancellationToken, Task<Page<T>>> readAsync,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var page = await readAsync(cursor, cancellationToken);
            foreach (var entry in page.Data) yield return entry;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }
}
