namespace KeysCluster.Api.Imports;

/// <summary>
/// Documents the elements of a list that the endpoint reads one by one, so that one invalid element does not refuse the
/// request.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ElementTypeAttribute(Type type, int maxCount) : Attribute
{
    public Type Type => type;

    public int MaxCount => maxCount;
}
