namespace KeysCluster.Contract.Tests.Services;

/// <summary>The fast test run selects tests by trait and must not need PostgreSQL.</summary>
public sealed class ContractTraitTests
{
    [Fact]
    public void Every_class_that_shares_the_PostgreSQL_silo_has_the_trait()
    {
        var classes = typeof(ContractTraitTests).Assembly.GetTypes()
            .Where(type => HasAttribute<CollectionAttribute>(type, PostgresService.CollectionName))
            .ToList();

        Assert.NotEmpty(classes);
        Assert.All(
            classes, type => Assert.True(HasAttribute<TraitAttribute>(type, "Requires", "PostgreSQL"), type.Name));
    }

    private static bool HasAttribute<TAttribute>(Type type, params object[] arguments) => type.CustomAttributes.Any(
        attribute => attribute.AttributeType == typeof(TAttribute)
            && attribute.ConstructorArguments.Select(argument => argument.Value).SequenceEqual(arguments));
}
