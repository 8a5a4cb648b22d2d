using System.Net;
using KeysCluster.Client;

namespace KeysCluster.Cli.Import;

/// <summary>
/// Sends keys in batches, of which some are on the way at the same time. Results are counted in the order of the rows.
/// </summary>
/// <param name="client">The client; null for a dry run.</param>
/// <param name="concurrency">How many batches may be on the way.</param>
/// <param name="failures">Receives the rows that are not imported.</param>
internal sealed class KeyImport(VirtualKeysClient? client, int concurrency, FailureLog failures)
{
    private const int BatchSize = 500;

    public ImportSummary Summary { get; } = new();

    /// <param name="entries">The rows.</param>
    /// <param name="report">Is called when the results of a batch are counted.</param>
    /// <param name="cancellationToken">Stops the import.</param>
    public async Task RunAsync(
        IAsyncEnumerable<ImportEntry> entries, Action report, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = new Queue<(ImportEntry[] Batch, Task<IReadOnlyList<ImportResult>> Results)>();
        try
        {
            await foreach (var batch in entries.Chunk(BatchSize).WithCancellation(cancellationToken))
            {
                if (sending.Count == concurrency) await CountNextAsync();
                sending.Enqueue((batch, SendAsync(batch, stopping.Token)));
            }

            while (sending.Count > 0) await CountNextAsync();
        }
        finally
        {
            await stopping.CancelAsync();
            await Task.WhenAll(sending.Select(entry => (Task)entry.Results)).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task CountNextAsync()
        {
            var (batch, results) = sending.Dequeue();
            Count(batch, await results);
            report();
        }
    }

    private async Task<IReadOnlyList<ImportResult>> SendAsync(
        ImportEntry[] batch, CancellationToken cancellationToken)
    {
        var keys = batch.Where(entry => entry.Key is not null).Select(entry => entry.Key!).ToList();
        return client is null || keys.Count == 0 ? [] : await SendAsync(client, keys, cancellationToken);
    }

    /// <summary>Keys with many metadata may exceed the size of a request. Then the halves are sent.</summary>
    private static async Task<IReadOnlyList<ImportResult>> SendAsync(
        VirtualKeysClient client, List<ImportVirtualKey> keys, CancellationToken cancellationToken)
    {
        try
        {
            var results = await client.ImportAsync(keys, cancellationToken);
            return results.Count == keys.Count
                ? results
                : throw new KeysApiException($"The response has {results.Count} results for {keys.Count} keys.");
        }
        catch (KeysApiException exception) when (exception.StatusCode == HttpStatusCode.RequestEntityTooLarge)
        {
            if (keys.Count == 1)
            {
                var error = new ImportError(exception.ErrorCode ?? "payload_too_large", exception.Message);
                return [new ImportResult(ImportStatus.Failed, null, error)];
            }

            var half = keys.Count / 2;
            return
            [
                .. await SendAsync(client, keys[..half], cancellationToken),
                .. await SendAsync(client, keys[half..], cancellationToken),
            ];
        }
    }

    private void Count(ImportEntry[] batch, IReadOnlyList<ImportResult> results)
    {
        var next = 0;
        foreach (var entry in batch)
        {
            if (entry.Failure is { } failure) Fail(failure);
            else if (entry.Skipped == SkipReason.Revoked) Summary.SkippedRevoked++;
            else if (entry.Skipped == SkipReason.Expired) Summary.SkippedExpired++;
            else if (client is null) Summary.NotSent++;
            else Count(entry, results[next++]);
        }
    }

    private void Count(ImportEntry entry, ImportResult result)
    {
        if (result.Status == ImportStatus.Imported)
        {
            Summary.Imported++;
        }
        else if (result.Status == ImportStatus.Unchanged)
        {
            Summary.Unchanged++;
        }
        else
        {
            var error = result.Error ?? new ImportError("unknown", "The service gave no reason.");
            Fail(new ImportFailure(entry.Line, entry.Key!.Name, entry.Key.ExternalId, error.Code, error.Message));
        }
    }

    private void Fail(ImportFailure failure)
    {
        Summary.Failed++;
        failures.Add(failure);
    }
}
