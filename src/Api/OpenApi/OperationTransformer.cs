using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Events;
using KeysCluster.Api.Http;
using KeysCluster.Api.Idempotency;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace KeysCluster.Api.OpenApi;

/// <summary>Adds headers, error codes and examples to an operation, from the metadata of its endpoint.</summary>
internal static class OperationTransformer
{
    private const string Json = "application/json";

    public static async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var json = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var acceptsIdempotencyKey = metadata.OfType<IdempotencyKeyMetadata>().Any();

        operation.RequestBody?.Content?.Remove(JsonBodyReader.AnyContentType);
        if (acceptsIdempotencyKey) AddIdempotencyKey(operation);
        var request = metadata.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType;
        if (request is not null) SetExample(operation.RequestBody?.Content, OpenApiExamples.For(request), json);
        foreach (var parameter in metadata.OfType<IParameterBindingMetadata>())
            DescribeQuery(operation, parameter.ParameterInfo);
        foreach (var success in metadata.OfType<IProducesResponseTypeMetadata>().Where(type => type.StatusCode < 300))
        {
            var response = GetResponse(operation, success.StatusCode);
            SetExample(response.Content, OpenApiExamples.For(success.Type!), json);
            AddHeader(response, "Cache-Control", "Always `no-store`.");
            if (success.StatusCode == StatusCodes.Status201Created)
                AddHeader(response, "Location", "The path of the new resource.");
            if (acceptsIdempotencyKey)
            {
                foreach (var name in IdempotencyHeader.ReplayedNames)
                {
                    AddHeader(response, name,
                        "`true` if this is the response of an earlier request with the same Idempotency-Key.");
                }
            }
        }

        if (metadata.OfType<PartialResponse>().SingleOrDefault() is { } partial)
            await AddPartialResponseAsync(operation, partial, context, cancellationToken);

        if (metadata.OfType<ExportMetadata>().SingleOrDefault() is { } export)
        {
            // The type is part of the response too, so the schema has a name.
            GetResponse(operation, StatusCodes.Status200OK).Content![EventList.ExportMediaType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchemaReference(export.Line.Name, context.Document),
            };
        }

        var documentedErrors = metadata.OfType<DocumentedError>().Select(documented => documented.Error).ToList();
        if (metadata.OfType<EndpointAccess>().SingleOrDefault() is { } access)
        {
            operation.Description = $"{operation.Description} {EndpointAccessDocument.Describe(access)}".TrimStart();
            documentedErrors.AddRange(EndpointAccessDocument.GetErrors(access));
        }

        if (request?.GetCustomAttributes<UnsupportedMemberAttribute>().FirstOrDefault() is { } unsupported)
            documentedErrors.Add(ApiErrors.UnsupportedMember(unsupported.Name));
        foreach (var errors in documentedErrors.GroupBy(error => error.Status))
            DescribeErrors(GetResponse(operation, errors.Key), errors, json);
        SortResponses(operation);
    }

    /// <summary>A complete response has the members of the partial one too, so it matches both schemas.</summary>
    private static async Task AddPartialResponseAsync(
        OpenApiOperation operation,
        PartialResponse partial,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        var media = GetResponse(operation, StatusCodes.Status200OK).Content![Json];
        var schema = await context.GetOrCreateSchemaAsync(partial.Type, cancellationToken: cancellationToken);
        context.Document!.AddComponent(partial.Type.Name, schema);
        media.Schema = new OpenApiSchema
        {
            AnyOf = [media.Schema!, new OpenApiSchemaReference(partial.Type.Name, context.Document)],
        };
    }

    private static void DescribeQuery(OpenApiOperation operation, ParameterInfo parameter)
    {
        var values = parameter.GetCustomAttribute<QuerySchemaAttribute>();
        var name = parameter.GetCustomAttribute<FromQueryAttribute>()?.Name;
        if (values is null
            || operation.Parameters?.FirstOrDefault(documented => documented.Name == name)?.Schema
                is not OpenApiSchema schema)
            return;
        if (values.IsBoolean) schema.Type = JsonSchemaType.Boolean;
        if (values.IsTime) schema.Format = "date-time";
        if (values.Values.Length > 0) schema.Enum = [.. values.Values.Select(value => JsonValue.Create(value))];
        if (values.MaxNumber == 0) return;
        schema.Type = JsonSchemaType.Integer;
        schema.Minimum = "1";
        schema.Maximum = values.MaxNumber.ToString(CultureInfo.InvariantCulture);
    }

    private static void AddIdempotencyKey(OpenApiOperation operation)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = IdempotencyHeader.Name,
            In = ParameterLocation.Header,
            Description =
                "Makes retries safe. For 24 hours, the same request with the same key returns the same secret, with "
                + "the resource as it is then, and changes nothing. Use a value that cannot be guessed, such as a "
                + "random UUID: the stored copy of the secret is encrypted under it.",
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = IdempotencyKey.MinLength,
                MaxLength = IdempotencyKey.MaxLength,
            },
            Example = OpenApiExamples.IdempotencyKey,
        });
    }

    private static void DescribeErrors(
        OpenApiResponse response, IEnumerable<ErrorResult> errors, JsonSerializerOptions json)
    {
        foreach (var error in errors)
        {
            if (response.Content?.TryGetValue(Json, out var content) != true) continue;
            content!.Examples ??= new Dictionary<string, IOpenApiExample>();
            content.Examples[error.Error] = new OpenApiExample
            {
                Value = JsonSerializer.SerializeToNode(error.ToResponse(), json),
            };
            if (error.Status is 429 or 503) AddHeader(response, "Retry-After", "Seconds to wait before a retry.");
            if (error.Status is 401) AddHeader(response, "WWW-Authenticate", "Always `Bearer`.");
        }
    }

    private static OpenApiResponse GetResponse(OpenApiOperation operation, int status) =>
        (OpenApiResponse)operation.Responses![status.ToString(CultureInfo.InvariantCulture)];

    private static void SetExample(
        IDictionary<string, OpenApiMediaType>? content, object? example, JsonSerializerOptions json)
    {
        if (example is null || content?.TryGetValue(Json, out var media) != true) return;
        media!.Example = example as JsonNode ?? JsonSerializer.SerializeToNode(example, example.GetType(), json);
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
        foreach (var (status, response) in operation.Responses!.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            sorted[status] = response;
        operation.Responses = sorted;
    }
}
