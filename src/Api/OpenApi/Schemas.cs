using System.Text.Json.Nodes;
using KeysCluster.Api.Requests;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace KeysCluster.Api.OpenApi;

/// <summary>Says what the generated schemas leave out or put in the wrong place.</summary>
internal static class Schemas
{
    public static Task Correct(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (Nullable.GetUnderlyingType(type) == typeof(DateTimeOffset)) schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        else if (type == typeof(DateTimeOffset)) schema.Type = JsonSchemaType.String;
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. ExactEnumConverter.Names(type).Select(name => JsonValue.Create(name))];
        }

        // The length of the texts in a list, not of the list.
        if (schema is { Type: JsonSchemaType.Array, MaxLength: not null, Items: OpenApiSchema item })
        {
            (item.MinLength, item.MaxLength) = (schema.MinLength, schema.MaxLength);
            (schema.MinLength, schema.MaxLength) = (null, null);
        }

        return Task.CompletedTask;
    }
}
