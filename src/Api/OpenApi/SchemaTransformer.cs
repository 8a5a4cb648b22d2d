using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using KeysCluster.Api.Http;
using KeysCluster.Api.Imports;
using KeysCluster.Api.VirtualKeys;
using KeysCluster.VirtualKeys;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace KeysCluster.Api.OpenApi;

/// <summary>Corrects the generated schemas: types with custom JSON converters, and limits of list entries.</summary>
internal static class SchemaTransformer
{
    private const string TimestampForms =
        "In ISO 8601 with an offset from UTC, a date, which is midnight in UTC, or milliseconds since 1970.";

    public static async Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        var attributes = context.JsonPropertyInfo?.AttributeProvider;
        if (type == typeof(JsonElement))
        {
            schema.Type = JsonSchemaType.Object;
        }
        else if (Nullable.GetUnderlyingType(type) == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String;
        }
        else if ((Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } enumType)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. StrictEnumConverter.GetNames(enumType).Select(name => JsonValue.Create(name))];
        }

        if (context.JsonPropertyInfo is { } member && TimestampConverter.IsUsedBy(member))
        {
            schema.Type |= JsonSchemaType.Integer;
            schema.Format = null;
            schema.Description += " " + TimestampForms;
        }

        if (attributes?.IsDefined(typeof(MetadataAttribute), inherit: true) == true) LimitMetadata(schema);
        if (attributes?.GetCustomAttributes(typeof(ListAttribute), inherit: true) is [ListAttribute limit])
            schema.MaxItems = limit.MaxCount;
        if (schema.Properties is not null) RequireComputedMembers(schema, context.JsonTypeInfo);
        if (context.JsonPropertyInfo is null)
        {
            foreach (var unsupported in type.GetCustomAttributes<UnsupportedMemberAttribute>())
                schema.Properties?.Add(unsupported.Name, new OpenApiSchema { Description = Describe(unsupported) });
        }

        // TextAttribute limits the texts in a list, not the length of the list.
        if (schema is { Type: JsonSchemaType.Array, MaxLength: not null, Items: OpenApiSchema item })
        {
            (item.MinLength, item.MaxLength) = (schema.MinLength, schema.MaxLength);
            (schema.MinLength, schema.MaxLength) = (null, null);
        }

        if (attributes?.GetCustomAttributes(typeof(ElementTypeAttribute), inherit: true) is [ElementTypeAttribute list])
        {
            schema.Items = await context.GetOrCreateSchemaAsync(list.Type, null, cancellationToken);
            (schema.MinItems, schema.MaxItems) = (1, list.MaxCount);
        }
    }

    private static string Describe(UnsupportedMemberAttribute member)
    {
        var accepted = member.NeutralText is { } text ? $"null, empty or `{text}`" : "null or empty";
        if (member.AcceptsOwnProject || member is UnsupportedScopesAttribute) accepted += ", or names the own project";
        return $"A member of LangWatch that is not kept. Accepted if it is {accepted}.";
    }

    private static void LimitMetadata(OpenApiSchema schema)
    {
        schema.MaxProperties = VirtualKeyLimits.MaxMetadataEntries;
        if (schema.AdditionalProperties is OpenApiSchema value)
            value.MaxLength = VirtualKeyLimits.MaxMetadataValueLength;
    }

    /// <summary>
    /// A member without a setter is only in responses, which always contain it, and is null only if its type says so.
    /// </summary>
    private static void RequireComputedMembers(OpenApiSchema schema, JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(member => member is { Get: not null, Set: null }))
        {
            if (!schema.Properties!.TryGetValue(member.Name, out var property)) continue;
            schema.Required ??= new HashSet<string>();
            schema.Required.Add(member.Name);
            if (!member.IsGetNullable && property is OpenApiSchema { Type: { } documented } own)
                own.Type = documented & ~JsonSchemaType.Null;
        }
    }
}
