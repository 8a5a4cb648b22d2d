using System.Text.Json.Nodes;
using KeysCluster.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace KeysCluster.Api.OpenApi;

/// <summary>Corrects the generated schemas: types with custom JSON converters, and limits of list entries.</summary>
internal static class SchemaTransformer
{
    public static Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (Nullable.GetUnderlyingType(type) == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. StrictEnumConverter.GetNames(type).Select(name => JsonValue.Create(name))];
        }

        // TextAttribute limits the texts in a list, not the length of the list.
        if (schema is { Type: JsonSchemaType.Array, MaxLength: not null, Items: OpenApiSchema item })
        {
            (item.MinLength, item.MaxLength) = (schema.MinLength, schema.MaxLength);
            (schema.MinLength, schema.MaxLength) = (null, null);
        }

        return Task.CompletedTask;
    }
}
