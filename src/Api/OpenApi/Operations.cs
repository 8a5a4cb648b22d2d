using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Idempotency;
using KeysCluster.Api.Requests;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace KeysCluster.Api.OpenApi;

/// <summary>Adds to each operation what its endpoint says of itself: headers, error codes, examples.</summary>
internal static class Operations
{
    private const string Json = "application/json";

    public static Task Complete(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var endpoint = context.Description.ActionDescriptor.EndpointMetadata;
        var json = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

        operation.RequestBody?.Content?.Remove(JsonBody.AnyType);
        if (endpoint.OfType<TakesIdempotencyKey>().Any()) AddIdempotencyKey(operation);
        if (endpoint.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType is { } request)
            SetExample(operation.RequestBody?.Content, Samples.Of(request), json);
        foreach (var success in endpoint.OfType<IProducesResponseTypeMetadata>().Where(answer => answer.StatusCode < 300))
        {
            var response = Response(operation, success.StatusCode);
            SetExample(response.Content, Samples.Of(success.Type!), json);
            AddHeader(response, "Cache-Control", "Always `no-store`.");
            if (success.StatusCode == StatusCodes.Status201Created) AddHeader(response, "Location", "Where it can be read.");
            if (endpoint.OfType<TakesIdempotencyKey>().Any())
            {
                AddHeader(response, IdempotencyKey.ReplayedHeaderName,
                    "`true` when this is the answer of an earlier request under the same Idempotency-Key.");
            }
        }

        foreach (var errors in endpoint.OfType<DocumentedError>().Select(documented => documented.Error).GroupBy(error => error.Status))
            DescribeErrors(Response(operation, errors.Key), errors, json);
        SortResponses(operation);
        return Task.CompletedTask;
    }

    private static void AddIdempotencyKey(OpenApiOperation operation)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = IdempotencyKey.HeaderName,
            In = ParameterLocation.Header,
            Description =
                "Makes the call safe to send again: for 24 h the same request under the same key gets the same answer, the "
                + "same secret included, and changes nothing. Choose it unguessable, such as a random UUID: the secret in "
                + "the receipt is sealed under it.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKey.MaxLength },
            Example = Samples.IdempotencyKey,
        });
    }

    private static void DescribeErrors(OpenApiResponse response, IEnumerable<ErrorResult> errors, JsonSerializerOptions json)
    {
        foreach (var error in errors)
        {
            if (response.Content?.TryGetValue(Json, out var content) != true) continue;
            content!.Examples ??= new Dictionary<string, IOpenApiExample>();
            content.Examples[error.Error] = new OpenApiExample
            {
                Value = JsonSerializer.SerializeToNode(new ErrorBody(error.Error, error.Message), json),
            };
            if (error.Status is 429 or 503) AddHeader(response, "Retry-After", "Seconds to wait before trying again.");
            if (error.Status is 401) AddHeader(response, "WWW-Authenticate", "Always `Bearer`.");
        }
    }

    private static OpenApiResponse Response(OpenApiOperation operation, int status) =>
        (OpenApiResponse)operation.Responses![status.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    private static void SetExample(IDictionary<string, OpenApiMediaType>? content, object? sample, JsonSerializerOptions json)
    {
        if (sample is null || content?.TryGetValue(Json, out var media) != true) return;
        media!.Example = sample as JsonNode ?? JsonSerializer.SerializeToNode(sample, sample.GetType(), json);
    }

    private static void AddHeader(OpenApiResponse response, string name, string description)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader
        {
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
    }

    private static void SortResponses(OpenApiOperation operation)
    {
        var sorted = new OpenApiResponses();
        foreach (var (status, response) in operation.Responses!.OrderBy(response => response.Key, StringComparer.Ordinal))
            sorted[status] = response;
        operation.Responses = sorted;
    }
}
