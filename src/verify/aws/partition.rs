//! AWS's partitions: worlds of their own, which know nothing of each other's keys.

/// A partition, with where its tokens are asked about.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::verify) struct Partition {
    /// Its word in ARNs.
    pub(in crate::verify) name: &'static str,
    /// What its regions begin with.
    regions: &'static [&'static str],
    /// The region that requests are signed for.
    pub(in crate::verify) region: &'static str,
    /// The security token service of that region.
    pub(in crate::verify) sts: &'static str,
}

/// All but the first, which has every other region.
/// <https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json>
static OTHERS: &[Partition] = &[
    Partition {
        name: "aws-cn",
        regions: &["cn-"],
        region: "cn-north-1",
        sts: "https://sts.cn-north-1.amazonaws.com.cn",
    },
    Partition {
        name: "aws-us-gov",
        regions: &["us-gov-"],
        region: "us-gov-west-1",
        sts: "https://sts.us-gov-west-1.amazonaws.com",
    },
    Partition {
        name: "aws-iso",
        regions: &["us-iso-"],
        region: "us-iso-east-1",
        sts: "https://sts.us-iso-east-1.c2s.ic.gov",
    },
    Partition {
        name: "aws-iso-b",
        regions: &["us-isob-"],
        region: "us-isob-east-1",
        sts: "https://sts.us-isob-east-1.sc2s.sgov.gov",
    },
    Partition {
        name: "aws-iso-e",
        regions: &["eu-isoe-"],
        region: "eu-isoe-west-1",
        sts: "https://sts.eu-isoe-west-1.cloud.adc-e.uk",
    },
    Partition {
        name: "aws-iso-f",
        regions: &["us-isof-"],
        region: "us-isof-south-1",
        sts: "https://sts.us-isof-south-1.csp.hci.ic.gov",
    },
    Partition {
        name: "aws-eusc",
        regions: &["eusc-"],
        region: "eusc-de-east-1",
        sts: "https://sts.eusc-de-east-1.amazonaws.eu",
    },
];

/// <https://docs.aws.amazon.com/general/latest/gr/sts.html>
static COMMERCIAL: Partition =
    Partition { name: "aws", regions: &[], region: "us-east-1", sts: "https://sts.amazonaws.com" };

impl Partition {
    /// The partition of a region; without one the commercial one.
    pub(in crate::verify) fn of(region: Option<&str>) -> &'static Self {
        let has = |partition: &&Partition| {
            region.is_some_and(|region| partition.regions.iter().any(|prefix| region.starts_with(prefix)))
        };
        OTHERS.iter().find(has).unwrap_or(&COMMERCIAL)
    }
}

#[cfg(test)]
mod tests {
    use super::Partition;

    #[test]
    fn a_region_names_its_partition() {
        let of = |region| Partition::of(region).name;
        assert_eq!((of(None), of(Some("eu-west-1")), of(Some("us-east-1"))), ("aws", "aws", "aws"));
        assert_eq!((of(Some("cn-northwest-1")), of(Some("us-gov-east-1"))), ("aws-cn", "aws-us-gov"));
        assert_eq!((of(Some("us-iso-west-1")), of(Some("us-isob-east-1"))), ("aws-iso", "aws-iso-b"));
    }
}
