using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using KeysCluster.Api.Http;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>
/// The <c>cursor</c> of a list: the creation time and id of a key, and in a list that a filter sorts, what it is sorted
/// by. It belongs to the filters of the list.
/// </summary>
internal sealed class VirtualKeyCursor(VirtualKeyFilter filter)
{
    // The longest name has 128 characters of three bytes each.
    private const int MaxLength = 768;

    private readonly ListCursor _cursor = new(Format(filter), MaxLength);
    private readonly VirtualKeyOrder _order = filter.Order;

    public string Encode(VirtualKeyPosition position)
    {
        var text = $"{UtcMillisecondJsonConverter.Format(position.CreatedAt)} {position.Id}";
        return _cursor.Encode(position.Order == VirtualKeyOrder.CreatedAt ? text : $"{text} {position.SortText}");
    }

    /// <summary>Returns false for a text that <see cref="Encode"/> cannot have produced for this list.</summary>
    public bool TryDecode(string cursor, [NotNullWhen(true)] out VirtualKeyPosition? position)
    {
        position = null;
        if (!_cursor.TryDecode(cursor, out var text)) return false;
        var isSorted = _order != VirtualKeyOrder.CreatedAt;
        var parts = text.Split(' ', 3);
        if (parts.Length != (isSorted ? 3 : 2)
            || !UtcMillisecondJsonConverter.TryParse(parts[0], out var createdAt)
            || !VirtualKeyId.TryParse(parts[1], out var id))
            return false;
        position = new VirtualKeyPosition(createdAt, id, _order, isSorted ? parts[2] : null);
        return true;
    }

    /// <summary>Filters have no line breaks, and an absent one differs from an empty one.</summary>
    private static string Format(VirtualKeyFilter filter) => string.Join(
        '\n',
        Format("external_id", filter.ExternalId),
        Format("status", filter.Status?.ToString()),
        Format("environment", filter.Environment?.ToString()),
        Format("principal_user_id", filter.PrincipalUserId),
        Format("name_prefix", filter.NamePrefix),
        Format("expires_before", filter.ExpiresBefore?.UtcTicks.ToString(CultureInfo.InvariantCulture)),
        Format("has_retiring_secrets", filter.HasRetiringSecrets?.ToString(CultureInfo.InvariantCulture)));

    private static string? Format(string name, string? value) => value is null ? null : $"{name}={value}";
}
