using System.Buffers;
using System.Text.Json;
using KeysCluster.Api.Http;
using KeysCluster.Events;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace KeysCluster.Api.Events;

/// <summary>
/// Writes all events of a round, one JSON object per line. It holds one page in memory. When it cannot be completed,
/// or the host stops, it closes the connection before the end of the response. The client sees that, and resumes with
/// the cursor of the last line.
/// </summary>
/// <param name="first">The first page.</param>
/// <param name="readAsync">Reads the page after a position.</param>
/// <param name="cursor">The cursors of the list.</param>
internal sealed partial class EventExport(
    EventPage first, Func<EventPosition, Task<EventPage>> readAsync, EventCursor cursor) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var options = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        // The limit applies to each page instead.
        httpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        httpContext.Response.ContentType = EventList.ExportMediaType;
        var requestAborted = httpContext.RequestAborted;
        try
        {
            for (var page = first; ;)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(requestAborted, stopping);
                await WriteAsync(page, httpContext.Response, options, limit.Token);
                if (!page.HasMore) return;

                // Calls of grains are retried until this token is canceled.
                limit.CancelAfter(RequestLimits.Timeout);
                httpContext.RequestAborted = limit.Token;
                page = await readAsync(page.Next!);
            }
        }
        catch (Exception exception)
        {
            if (!requestAborted.IsCancellationRequested)
                LogInterrupted(services.GetRequiredService<ILogger<EventExport>>(), exception.Message);
            httpContext.Abort();
        }
        finally
        {
            httpContext.RequestAborted = requestAborted;
        }
    }

    private async Task WriteAsync(
        EventPage page, HttpResponse response, JsonSerializerOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var json = new Utf8JsonWriter(response.BodyWriter);
        foreach (var recorded in page.Events)
        {
            var line = EventResource.From(recorded) with
            {
                Cursor = cursor.Encode(page.GetPositionAfter(recorded)),
            };
            json.Reset();
            JsonSerializer.Serialize(json, line, options);
            json.Flush();
            response.BodyWriter.Write("\n"u8);
        }

        await response.BodyWriter.FlushAsync(cancellationToken);
    }
}
